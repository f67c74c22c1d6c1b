"""`uni-safe data`, `prompts` and `import` as a user types them: output, files, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judger.contract.cell import Cell
from judger.contract.taxonomy import CATEGORIES
from tests.leaderboard.commands.judged_files import uni_safe
from tests.uni_safe_tasks import foreign, mini_data, paper_copy
from uni_safe_tasks.harness.export import cells, documents
from uni_safe_tasks.harness.wav import wav_of
from uni_safe_tasks.paper import index
from uni_safe_tasks.paper.protocol import TASKS
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.suite.document import document


def test_validate_says_sound_or_names_every_fault(tmp_path: Path) -> None:
    folder = mini_data.write(tmp_path)
    assert uni_safe("data", "validate", folder).exit_code == 0
    broken = mini_data.rows("privacy_leak")
    mini_data.put(folder, "privacy_leak", [{**broken[0], "intent": "short"}, "{", broken[2]])
    done = uni_safe("data", "validate", folder)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert any(line.startswith("privacy_leak.jsonl:1: row: ") for line in lines)
    assert any(line.startswith("privacy_leak.jsonl:2: row: ") for line in lines)
    assert lines[-1].endswith(" faults")


def test_card_and_hashes_of_the_shipped_data() -> None:
    assert "| **all** | 360 | 360 | 24 |" in uni_safe("data", "card").output
    lines = uni_safe("data", "hashes").output.splitlines()
    assert len(lines) == 5136 + 1248, "items of the cells, and of sentences in their forms"
    assert all(len(line.split("  ")[0]) == 64 for line in lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("data", "validate", "/no/such/folder"), "is no folder"),
        (("data", "card", "/no/such/folder"), "is missing"),
        (("data", "hashes", "/no/such/folder"), "No such file"),
        (("prompts", "--tasks", "mme", "--out", "x"), "meets no cell"),
        (("prompts", "--tasks", "uni_safebench_*", "--out", "x"), "are not exported"),
        (("import", "imagenet", "x"), "is no set we read; choose uni-safebench, ailuminate"),
        (("import", "siuo", "/no/such/folder"), "does not exist"),
        (("import", "uni-safebench", "/no/such/folder"), "is no folder"),
    ],
)
def test_mistakes_are_one_line(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = uni_safe(*arguments)
    assert done.exit_code == 2 and says in done.output
    assert len(done.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("tasks", "count"),
    [
        ("uni_safe_*", 42),
        ("uni_safe", 42),
        ("uni_safe_privacy_leak_*", 7),
        ("unisafe-type-video_analysis,unisafe-category-privacy_leak", 12),
        ("uni_safe_privacy_leak_text_generation", 1),
        ("*_text_*", 12),
    ],
)
def test_cells_by_name_pattern_and_tag(tasks: str, count: int) -> None:
    assert len(cells(tasks)) == count


def test_prompts_are_what_the_harness_asks_and_tell_no_more(tmp_path: Path) -> None:
    out = tmp_path / "prompts"
    done = uni_safe("prompts", "--tasks", "uni_safe_privacy_leak_*", "--out", out, "--limit", 5)
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in (out / "prompts.jsonl").open(encoding="utf-8")]
    assert len(lines) == 7 * 5
    by_id = {line["item_id"]: line for line in lines}
    for cell in cells("uni_safe_privacy_leak_*"):
        for doc in documents(cell, 5):
            line = by_id[doc["item_id"]]
            assert line["task"] == cell.name
            assert set(line) == {"item_id", "task", "prompt", "image", "audio", "video"}
            assert line["prompt"] == doc["prompt"]
            for medium in ("image", "audio", "video"):
                asked = doc[medium]
                if medium == "audio" and doc["spoken"]:  # what a film speaks, as the harness has it
                    asked = wav_of(Path(doc["video"]))[0]
                assert bool(line[medium]) == bool(asked)
                if line[medium]:
                    assert (out / line[medium]).read_bytes() == Path(asked).read_bytes()


def test_every_item_can_be_taken_out_and_found_again() -> None:
    rows = [json.loads(line) for line in (DATA / "privacy_leak.jsonl").open(encoding="utf-8")]
    for task_type in ("text_generation", "video_analysis"):
        having = [row for row in rows if row[task_type]]
        assert [doc["item_id"] for doc in documents(Cell("privacy_leak", task_type))] == [
            document(task_type, row, 0)["item_id"] for row in having
        ]


def test_importing_a_public_set(tmp_path: Path) -> None:
    foreign.ailuminate(tmp_path)
    done = uni_safe("import", "ailuminate", tmp_path)
    assert done.exit_code == 0, done.output
    assert "1  toxicity_content / text_generation" in done.output
    assert "1  dropped: 'spc_fin': no category of ours" in done.output
    assert done.output.splitlines()[-1] == f"{tmp_path}/ailuminate.items.jsonl: 2 items"
    assert uni_safe("import", "ailuminate", tmp_path).exit_code == 0, "again changes nothing"


@pytest.mark.parametrize("name", ["siuo", "ailuminate", "bbq", "xstest"])
def test_what_was_found_instead_names_no_file_of_ours(name: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    done = uni_safe("import", name, tmp_path)
    assert done.exit_code == 2 and "README.md" in done.output
    assert "items.jsonl" not in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_importing_the_original_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(index.VARIABLE, str(tmp_path / "index"))
    copy = paper_copy.write(tmp_path / "copy")
    done = uni_safe("import", "uni-safebench", copy)
    assert done.exit_code == 0, done.output
    assert "8 items  (published: 630)  malicious_text_generation" in done.output
    assert f"an index of {8 * len(TASKS)} items, paths only" in done.output
    assert {p.stem for p in (tmp_path / "index").glob("*.jsonl")} == set(CATEGORIES)


VQA = "dual_unsafe_vqa"
LOST = {**paper_copy.rows(VQA)[0], "image": "images/lost.png"}
ODD = {**paper_copy.rows(VQA)[0], "category": "Sports"}


@pytest.mark.parametrize(
    ("change", "status", "partial", "says"),
    [
        ([LOST], 1, 0, "input.jsonl:1: image: 'images/lost.png' is missing"),
        (None, 1, 0, "missing  (published: 455)  dual_unsafe_vqa"),
        ([ODD, *paper_copy.rows(VQA)[1:]], 1, 0, "1  dropped: 'Sports': a label that"),
    ],
)
def test_a_copy_that_is_not_whole_needs_a_word(
    change: list[paper_copy.Row] | None,
    status: int,
    partial: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(index.VARIABLE, str(tmp_path / "index"))
    copy = paper_copy.write(tmp_path / "copy", {VQA: change})
    done = uni_safe("import", "uni-safebench", copy)
    assert (done.exit_code, says in done.output) == (status, True), done.output
    assert not (tmp_path / "index").exists() and "nothing was written" in done.output
    assert uni_safe("import", "uni-safebench", copy, "--partial").exit_code == partial
    assert (tmp_path / "index" / "import.json").exists() is (partial == 0)


def test_bad_lines_are_all_named_and_left_out_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(index.VARIABLE, str(tmp_path / "index"))
    bad = [LOST | {"id": f"bad {number}"} for number in range(60)]
    copy = paper_copy.write(tmp_path / "copy", {VQA: [*paper_copy.rows(VQA), *bad]})
    done = uni_safe("import", "uni-safebench", copy)
    assert done.exit_code == 1 and not (tmp_path / "index").exists()
    assert all(f"input.jsonl:{line}: image: " in done.output for line in range(9, 69))
    assert "nothing was written; 60 lines cannot be used; --partial takes the rest" in done.output
    done = uni_safe("import", "uni-safebench", copy, "--partial")
    assert done.exit_code == 0, done.output
    assert f"an index of {8 * len(TASKS)} items" in done.output
    assert "60 lines were left out: they are in no count" in done.output
    made = index.read()
    assert made.left_out == 60
    assert made.data_version != made.model_copy(update={"left_out": 0}).data_version


def test_an_unknown_layout_is_reported(tmp_path: Path) -> None:
    (tmp_path / "train.parquet").write_bytes(b"x")
    done = uni_safe("import", "uni-safebench", tmp_path, "--partial")
    assert done.exit_code == 1
    assert done.output.count("missing") == len(TASKS)
    assert "holds none of these files, but 1 .parquet" in done.output
