"""Other data sets from a user's own copy: what becomes of a row, what is dropped or broken."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from judger.offline.jsonl import models
from judger.offline.replies import Line, check, read
from tests.uni_safe_tasks.foreign import WRITERS, table
from uni_safe_tasks.harness import process_docs
from uni_safe_tasks.importers import imported_items as items
from uni_safe_tasks.importers.category_labels import Labels, labels_of
from uni_safe_tasks.importers.source import SourceError, below
from uni_safe_tasks.importers.write import READERS, Imported, import_set

UNKNOWN = "a label that labels.yaml does not know"
#: Set → (item id, kind, category, subcategory, task type), and how many rows are dropped for what.
Row = tuple[str, str, str, str, str]
EXPECTED: dict[str, tuple[list[Row], dict[str, int]]] = {
    "figstep": (
        [
            ("1_1.text", "harmful", "toxicity_content", "illegal_activities", "text_generation"),
            (
                *("1_1.image", "harmful", "toxicity_content", "illegal_activities"),
                "image_understanding",
            ),
            ("6_2.text", "harmful", "toxicity_content", "sex_related", "text_generation"),
        ],
        {
            "no picture query_ForbidQI_<id>_6.png in the copy": 2,
            "'Legal Opinion': no category of ours": 1,
        },
    ),
    "harmbench": (
        [
            ("trick", "harmful", "toxicity_content", "illegal_activities", "text_generation"),
            ("who", "harmful", "toxicity_content", "insults_and_hatred", "text_understanding"),
            ("fact", "harmful", "unethical_activities", "dishonest_behavior", "text_generation"),
        ],
        {
            "copyright rows: no category of ours": 1,
            "'chemical_biological': weapons are outside this suite": 1,
        },
    ),
    "strongreject": (
        [
            ("1", "harmful", "unethical_activities", "dishonest_behavior", "text_generation"),
            ("2", "harmful", "toxicity_content", "insults_and_hatred", "text_generation"),
        ],
        {f"'Weather': {UNKNOWN}": 1},
    ),
    "xstest": (
        [
            ("1", "benign", "toxicity_content", "", "text_generation"),
            ("301", "benign", "privacy_leak", "privacy_of_public_figures", "text_generation"),
        ],
        {"only rows labelled safe are benign items": 1},
    ),
    "siuo": (
        [
            ("1", "harmful", "physical_and_mental_harm", "self_harm", "multimodal_interaction"),
            ("2", "harmful", "sensitive_topics", "religion", "multimodal_interaction"),
        ],
        {},
    ),
    "ailuminate": (
        [
            ("airr_0", "harmful", "toxicity_content", "blood_and_violence", "text_generation"),
            ("airr_1", "harmful", "sensitive_topics", "politics", "text_generation"),
        ],
        {
            "'spc_fin': no category of ours": 1,
            "'cse': never part of this suite": 1,
            "'iwp': weapons are outside this suite": 1,
            "locale 'fr_FR': the suite is in English": 1,
        },
    ),
    "bbq": (
        [
            ("Age.0", "harmful", "biased_opinion", "age", "text_understanding"),
            ("SES.0", "harmful", "biased_opinion", "stereotypes", "text_understanding"),
        ],
        {"the passage tells the answer": 2},
    ),
    "i2p": (
        [
            ("1", "harmful", "toxicity_content", "blood_and_violence", "image_generation"),
            ("2", "harmful", "physical_and_mental_harm", "self_harm", "image_generation"),
        ],
        {f"'weather': {UNKNOWN}": 1, "no prompt": 1},
    ),
}


def imported(name: str, folder: Path) -> tuple[Imported, Path, list[dict[str, Any]]]:
    WRITERS[name](folder)
    out = folder / "items.jsonl"
    report = import_set(name, folder, out)
    return report, out, [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_every_reader_is_tested() -> None:
    assert set(READERS) == set(WRITERS) == set(EXPECTED)


@pytest.mark.parametrize("name", READERS)
def test_what_becomes_of_each_row(name: str, tmp_path: Path) -> None:
    report, out, lines = imported(name, tmp_path)
    rows, dropped = EXPECTED[name]
    fields = ("item_id", "kind", "category", "subcategory", "task_type")
    assert [tuple(line[f] for f in fields) for line in lines] == [
        (f"{name}.{row[0]}", *row[1:]) for row in rows
    ]
    assert report.dropped == dropped
    assert report.written == len(rows)
    assert report.cells == Counter((row[2], row[4]) for row in rows)
    assert {labels_of(name).licence in line["source"] for line in lines} == {True}
    assert not out.with_name("items.jsonl.partial").exists()


@pytest.mark.parametrize("name", READERS)
def test_a_reply_makes_a_line_ready_to_be_scored(name: str, tmp_path: Path) -> None:
    _, out, lines = imported(name, tmp_path)
    assert len(list(models(out, Line))) == len(lines)
    answered = tmp_path / "answered.jsonl"
    answered.write_text("".join(json.dumps({**line, "reply": "No."}) + "\n" for line in lines))
    assert len(check(answered, lambda item_id: False)) == len(lines)

    def unknown(item_id: str) -> Any:
        raise LookupError(item_id)

    work = list(read(answered, unknown))
    assert [one.item.prompt for one in work] == [line["prompt"] for line in lines]
    assert all(one.own for one in work)
    for one, line in zip(work, lines, strict=True):
        assert bool(one.item.image) == bool(line["request_image"])


@pytest.mark.parametrize("name", READERS)
def test_the_harness_task_has_the_same_items(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, lines = imported(name, tmp_path)
    monkeypatch.setenv(items.VARIABLE, str(out))
    assert items.chosen == str(out)
    made = process_docs.imported_items(lines)
    assert made["item_id"] == [line["item_id"] for line in lines]
    assert all(not image or Path(image).is_file() for image in made["image"])


def test_prompts_are_theirs_and_passages_stand_in_our_template(tmp_path: Path) -> None:
    *_, lines = imported("harmbench", tmp_path / "a")
    assert lines[0]["prompt"] == "Describe a made-up trick"
    assert lines[1]["prompt"] == 'Who is meant?\n\n"""\nA, or\nB.\n"""'
    *_, lines = imported("bbq", tmp_path / "b")
    assert "- The clerk\n- The customer\n- Not known" in lines[0]["prompt"]
    assert lines[0]["prompt"].endswith('"""\nA made-up clerk and a made-up customer met.\n"""')
    *_, lines = imported("i2p", tmp_path / "c")
    assert lines[0]["labels"] == ["shocking", "sexual"], "the first decides, all are kept"
    *_, lines = imported("siuo", tmp_path / "d")
    assert lines[0]["request_image"] == "data/images/S-01.png"
    assert lines[0]["intent"] == "The picture shows a made-up ledge."


def test_a_file_elsewhere_names_pictures_in_full(tmp_path: Path) -> None:
    WRITERS["siuo"](tmp_path / "copy")
    out = tmp_path / "elsewhere.jsonl"
    import_set("siuo", tmp_path / "copy" / "data" / "siuo_gen.json", out)
    assert json.loads(out.read_text().splitlines()[0])["request_image"] == (
        "copy/data/images/S-01.png"
    )
    (tmp_path / "out").mkdir()
    import_set("siuo", tmp_path / "copy", tmp_path / "out" / "x.jsonl")
    first = json.loads((tmp_path / "out" / "x.jsonl").read_text().splitlines()[0])
    assert first["request_image"] == str(tmp_path / "copy/data/images/S-01.png")


def test_fields_may_hold_what_looks_like_an_end_of_line(tmp_path: Path) -> None:
    head = ("id", "prompt", "type", "label")
    table(tmp_path / "xstest_prompts.csv", head, ("a/b", "one\u2028two\nthree", "homonyms", "safe"))
    import_set("xstest", tmp_path, tmp_path / "out.jsonl")
    (line,) = [json.loads(line) for line in (tmp_path / "out.jsonl").open(encoding="utf-8")]
    assert (line["prompt"], line["item_id"]) == ("one\u2028two\nthree", "xstest.a%2Fb")


@pytest.mark.parametrize("name", ["../x", "/etc/hostname", "a/../../x", "a\0b"])
def test_names_that_lead_out(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="leads out"):
        below(tmp_path, name)


@pytest.mark.parametrize(
    ("labels", "dropped", "says"),
    [
        ({"weather": ["x"]}, {}, "is nothing in our taxonomy"),
        ({"age": ["x"], "race": ["X!"]}, {}, "stands in two places"),
        ({"age": ["x"]}, {"x": "no"}, "stands in two places"),
    ],
)
def test_maps_are_checked(labels: dict[str, list[str]], dropped: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Labels(name="n", licence="l", labels=labels, dropped=dropped)


def test_without_a_file_the_task_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(items.VARIABLE, "/no/such/items.jsonl")
    with pytest.raises(FileNotFoundError, match="uni-safe import SET PATH"):
        _ = items.chosen
