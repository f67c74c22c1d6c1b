"""The suite of the paper: 42 leaves byte for byte, found by name only, empty ones hidden."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from lmms_eval.tasks import TaskManager

from judger.contract.taxonomy import CATEGORIES
from judger.rates.metrics import METRICS, PAPER_NAMES
from tests.uni_safe_tasks.paper_copy import rows, write
from uni_safe_tasks.harness import process_docs
from uni_safe_tasks.harness.patches import discovery
from uni_safe_tasks.importers.category_labels import version
from uni_safe_tasks.paper import cells, index, items
from uni_safe_tasks.paper.copy import survey
from uni_safe_tasks.paper.index import NotImported
from uni_safe_tasks.paper.leaves import FOLDER, all_files
from uni_safe_tasks.paper.protocol import SUITE, TASKS, leaf_name

TEXT = "malicious_text_generation"
LEAVES = {leaf_name(task, category) for task in TASKS for category in CATEGORIES}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No import, whatever the user who runs the tests has imported."""
    monkeypatch.setenv(index.VARIABLE, str(tmp_path / "index"))
    return tmp_path / "index"


@pytest.fixture
def imported(tmp_path: Path, nowhere: Path) -> index.Imported:
    """An import without race, so that one category is empty in every task."""
    changes = {task: rows(task)[:-1] for task in TASKS}
    return index.write(survey(write(tmp_path / "copy", changes)), nowhere)


def manager() -> TaskManager:
    assert discovery.install()
    return TaskManager(include_defaults=False)


def test_checked_in_files_are_what_the_function_writes() -> None:
    files = all_files()
    assert len(files) == 43
    for name, text in files.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run the generator"
    assert {path.name for path in FOLDER.glob("*.yaml")} == set(files)


@pytest.mark.parametrize(("name", "metric"), PAPER_NAMES.items())
def test_arrows_point_where_the_paper_has_them(name: str, metric: str) -> None:
    text = (FOLDER / "_paper_text_template_yaml").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if f"metric: {name}," in line]
    better = {True: "true", False: "false", None: "null"}[METRICS[metric]]
    assert line.endswith(f"higher_is_better: {better}}}")
    assert name != "c_reject" or better != "false", "to refuse harm is not worse"


def test_patterns_meet_one_suite_or_the_other() -> None:
    found = manager()
    assert set(found.match_tasks([f"{SUITE}_*"])) == LEAVES
    assert not set(found.match_tasks(["uni_safe_*"])) & {SUITE, *LEAVES}
    assert len(found.match_tasks(["uni_safe_*"])) == 42
    assert found.match_tasks([SUITE]) == [SUITE]
    assert found.task_index[SUITE]["type"] == "group"


@pytest.mark.usefixtures("imported")
def test_cells_without_items_are_not_listed() -> None:
    met = set(manager().match_tasks([f"{SUITE}_*"]))
    assert met == {name for name in LEAVES if not name.endswith("biased_opinion")}


@pytest.mark.parametrize("name", ["data_privacy_leak", f"group_{TEXT}"])
def test_without_an_import_a_task_says_what_to_do(name: str) -> None:
    with pytest.raises(NotImported, match="uni-safe import uni-safebench PATH"):
        getattr(cells, name)


def test_a_broken_manifest_hides_nothing_and_says_so(nowhere: Path) -> None:
    nowhere.mkdir()
    (nowhere / index.MANIFEST).write_text("{}")
    assert set(manager().match_tasks([f"{SUITE}_*"])) == LEAVES
    with pytest.raises(NotImported, match="import again"):
        index.read()


def test_the_index_holds_no_words(imported: index.Imported, nowhere: Path) -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in nowhere.iterdir())
    assert "Made-up request" not in written and "made-up intention" not in written
    assert imported.labels_version == version()
    assert {path.name for path in nowhere.iterdir()} == {
        index.MANIFEST,
        *(f"{category}.jsonl" for category in CATEGORIES),
    }
    assert all(p.is_relative_to(nowhere) for p in nowhere.rglob("*")), "nothing elsewhere"


def test_documents_are_the_copy_word_for_word(imported: index.Imported) -> None:
    path = index.index_file("physical_and_mental_harm")
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    made = process_docs.dual_unsafe_vqa(entries)
    source = {row["id"]: row for row in rows("dual_unsafe_vqa")}
    assert made["prompt"] == [source[5]["prompt"], source[6]["prompt"]]
    assert made["subcategory"] == ["", "self_harm"]
    assert made["kind"] == ["harmful", "harmful"]
    assert made["label"] == ["Physical & Mental Harm", "Self-Harm"]
    assert set(made["data_version"]) == {imported.data_version}
    assert all(Path(image).is_file() and "/copy/data/VQA/" in image for image in made["image"])
    first = [json.loads(line) for line in index.index_file("toxicity_content").open()]
    assert process_docs.malicious_text_generation(first)["intent"] == ["A made-up intention.", ""]


def test_an_item_is_found_by_its_id(imported: index.Imported) -> None:
    found = items.item("uni_safebench.dual_unsafe_vqa.6")
    assert (found.task_type, found.subcategory, found.label) == (
        *("dual_unsafe_vqa", "self_harm"),
        "Self-Harm",
    )
    assert (found.row, found.data_version) == (1, imported.data_version)
    assert found.prompt == rows("dual_unsafe_vqa")[5]["prompt"]
    for unknown in ("uni_safebench.dual_unsafe_vqa.99", "pri-h101.text_generation"):
        with pytest.raises(LookupError, match="is no item of the imported copy"):
            items.item(unknown)


def test_capabilities_decide_before_generation(
    imported: index.Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_SAFE_CAPABILITIES", "text-to-text,image-to-text")
    entries = [json.loads(line) for line in index.index_file("privacy_leak").open()]
    assert process_docs.unsafe_t2i_generation(entries)["unsupported"] == [
        "the model has no text-to-image"
    ]
    assert process_docs.malicious_image_editing(entries)["unsupported"] == [
        "the model has no image-to-image"
    ]
    assert process_docs.composite_unsafe_vqa(entries)["unsupported"] == [""]


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda copy: (copy / "T2I/input.jsonl").open("a").write("\n"), "has changed"),
        (lambda copy: (copy / "T2I/input.jsonl").unlink(), "No such file"),
    ],
)
def test_a_copy_that_changed_is_not_read(
    tmp_path: Path, imported: index.Imported, harm: object, says: str
) -> None:
    harm(tmp_path / "copy" / "data")  # type: ignore[operator]
    entries = [json.loads(line) for line in index.index_file("privacy_leak").open()]
    with pytest.raises(NotImported, match=says):
        process_docs.unsafe_t2i_generation(entries)


def test_a_picture_that_went_away_is_named(tmp_path: Path, imported: index.Imported) -> None:
    entries = [json.loads(line) for line in index.index_file("privacy_leak").open()]
    (entry,) = [e for e in entries if e["task"] == "dual_unsafe_vqa"]
    os.unlink(entry["image"])
    with pytest.raises(NotImported, match=r"uni_safebench\.dual_unsafe_vqa\.3: its picture"):
        process_docs.dual_unsafe_vqa(entries)


@pytest.mark.usefixtures("imported")
def test_an_empty_cell_and_an_absent_task_are_said(tmp_path: Path, nowhere: Path) -> None:
    with pytest.raises(NotImported, match="has no items of dual_unsafe_vqa"):
        process_docs.dual_unsafe_vqa([])
    with pytest.raises(NotImported, match="has no items of biased_opinion"):
        _ = cells.data_biased_opinion
    index.write(survey(write(tmp_path / "partial", {TEXT: None})), nowhere)
    with pytest.raises(NotImported, match="totals are over all seven tasks"):
        getattr(cells, f"group_{TEXT}")


@pytest.mark.usefixtures("imported")
def test_groups_list_what_has_items() -> None:
    group = getattr(cells, f"group_{TEXT}")
    assert group["group"] == TEXT
    assert group["task"] == [leaf_name(TEXT, c) for c in CATEGORIES if c != "biased_opinion"]
    assert {entry["weight_by_size"] for entry in group["aggregate_metric_list"]} == {True}
