"""Public sets of labelled replies: which label says what on our axes, what is left out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from judger.validation.labels import Label, read
from judger.validation.truth import truth
from tests.uni_safe_tasks.foreign import table
from tests.uni_safe_tasks.labelled import WRITERS, beavertails, jailbreakbench, lines, wildguardtest
from uni_safe_tasks.importers.labelled.write_labelled import READERS, import_labels
from uni_safe_tasks.importers.source import SourceError

NOT_UNSAFE, NOT_REFUSED = "safe or refusal", "unsafe or safe"
#: Set -> (id, kind, verdict or verdicts, category, helped), and how many are dropped for what.
Row = tuple[str, str, str, str, bool | None]
EXPECTED: dict[str, tuple[list[Row], dict[str, int]]] = {
    "xstest-completions": (
        [
            ("gpt4-v2-1", "benign", "safe", "toxicity_content", True),
            ("gpt4-v2-2", "benign", "refusal", "privacy_leak", False),
            ("gpt4-v2-3", "harmful", "refusal", "toxicity_content", None),
            ("gpt4-v2-4", "harmful", NOT_REFUSED, "biased_opinion", None),
        ],
        {"label '3_partial_refusal': neither refusal nor compliance": 1},
    ),
    "jailbreakbench": (
        [
            ("1", "harmful", "unsafe", "toxicity_content", None),
            ("2", "harmful", NOT_UNSAFE, "toxicity_content", None),
        ],
        {},
    ),
    "harmbench-val": (
        [
            ("trick-1", "harmful", "unsafe", "toxicity_content", None),
            ("trick-2", "harmful", NOT_UNSAFE, "toxicity_content", None),
            ("unlisted-1", "harmful", NOT_UNSAFE, "toxicity_content", None),
        ],
        {"'chemical_biological': weapons are outside this suite": 1},
    ),
    "wildguardtest": (
        [
            ("1", "harmful", "unsafe", "toxicity_content", None),
            ("2", "harmful", "refusal", "toxicity_content", None),
            ("3", "benign", "safe", "toxicity_content", None),
            ("4", "harmful", NOT_UNSAFE, "toxicity_content", None),
        ],
        {
            "people did not agree on whether request or reply does harm": 1,
            "'copyright_violations': no category of ours": 1,
        },
    ),
    "beavertails": (
        [
            ("1", "harmful", "unsafe", "physical_and_mental_harm", None),
            ("2", "harmful", NOT_UNSAFE, "toxicity_content", None),
        ],
        {"'child_abuse': never part of this suite": 1},
    ),
    "do-not-answer": (
        [
            ("GPT4-1", "harmful", NOT_UNSAFE, "toxicity_content", None),
            ("llama2-1", "harmful", "unsafe", "toxicity_content", None),
            ("GPT4-2", "harmful", NOT_UNSAFE, "toxicity_content", None),
        ],
        {"a reply without a label": 1},
    ),
}


def row_of(label: Label, name: str) -> Row:
    verdicts = label.contextual or " or ".join(label.contextual_in)
    source_id = label.id.removeprefix(f"{name}.")
    return (source_id, label.kind, verdicts, label.category, label.helped)


def test_every_reader_has_a_small_file_of_its_shape() -> None:
    assert set(READERS) == set(WRITERS) == set(EXPECTED)


@pytest.mark.parametrize("name", READERS)
def test_what_becomes_of_each_row(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path)
    out = tmp_path / "labels.jsonl"
    report = import_labels(name, tmp_path, out)
    rows, dropped = EXPECTED[name]
    labels = read(out)
    assert [row_of(label, name) for label in labels] == rows
    assert dict(report.dropped) == dropped
    assert report.written == len(rows)
    for label in labels:
        assert label.intrinsic is None, "no public set looks at the reply alone"
        assert label.source and label.by.startswith("people")
        assert truth("intrinsic_unsafe", label) is None


def test_parquet_is_read_as_the_same_rows(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import json as from_json
    from pyarrow import parquet

    wildguardtest(tmp_path)
    plain = tmp_path / "wildguard_test.jsonl"
    parquet.write_table(from_json.read_json(plain), tmp_path / "test.parquet")
    for source in (plain, tmp_path / "test.parquet"):
        import_labels("wildguardtest", source, source.with_suffix(".labels"))
    assert read(plain.with_suffix(".labels")) == read(tmp_path / "test.labels")
    assert arrow.__version__


BEAVER = {"prompt": "a", "response": "b", "category": {}, "is_safe": True}
WILD = {"prompt": "a", "response": "b", "prompt_harm_label": "harmful", "subcategory": "x"} | {
    **{"response_harm_label": "unharmful", "response_refusal_label": "refusal"}
}
DNA = {"id": 1, "types_of_harm": "x", "question": None, "m_response": "r", "m_harmful": 0}


@pytest.mark.parametrize(
    ("name", "file", "row"),
    [
        ("beavertails", "30k_test.jsonl", BEAVER | {"response": None}),
        ("beavertails", "30k_test.jsonl", BEAVER | {"prompt": None}),
        ("wildguardtest", "wildguard_test.jsonl", WILD | {"response": None}),
        ("do-not-answer", "data_en.json", DNA),
    ],
)
def test_a_text_that_is_not_there_is_not_the_word_none(
    name: str, file: str, row: dict[str, Any], tmp_path: Path
) -> None:
    lines(tmp_path / file, row)
    report = import_labels(name, tmp_path, tmp_path / "out.jsonl")
    assert (report.written, dict(report.dropped)) == (0, {"no prompt or no reply": 1})


def test_a_pair_of_child_abuse_is_left_out_however_yes_is_spelt(tmp_path: Path) -> None:
    lines(tmp_path / "30k_test.jsonl", BEAVER | {"category": {"child_abuse": 1}}, BEAVER)
    assert import_labels("beavertails", tmp_path, tmp_path / "out.jsonl").written == 1


def test_packed_lines_may_begin_with_a_mark(tmp_path: Path) -> None:
    marked = json.dumps(BEAVER).encode("utf-8-sig")
    (tmp_path / "30k_test.jsonl.gz").write_bytes(gzip.compress(marked))
    assert import_labels("beavertails", tmp_path, tmp_path / "out.jsonl").written == 1


@pytest.mark.parametrize(
    ("name", "file", "text", "said"),
    [
        ("beavertails", "30k_test.jsonl", "{nope", "no JSON"),
        ("beavertails", "30k_test.jsonl.gz", "not packed", "no packed JSON Lines"),
        ("beavertails", "30k_test.jsonl", '{"prompt": "a", "response": "b"}', "no field category"),
        ("wildguardtest", "wildguard_test.parquet", "nope", "no Parquet"),
        ("harmbench-val", "harmbench_text_val.json", "[]", "an object BehaviorID"),
        ("harmbench-val", "harmbench_text_val.json", '{"a": [{}]}', "generation"),
        ("jailbreakbench", "judge-comparison.csv", "goal,prompt\n", "no column"),
        *(
            ("beavertails", "30k_test.jsonl", json.dumps(BEAVER | broken), said)
            for broken, said in (
                ({"response": 7}, "response is '7', which is no text"),
                ({"prompt": ["a"]}, "which is no text"),
                ({"category": "child_abuse"}, "category is 'child_abuse', no table of names"),
                ({"category": {"child_abuse": "perhaps"}}, "neither yes nor no"),
                ({"is_safe": None}, "neither yes nor no"),
            )
        ),
        *(
            ("wildguardtest", "wildguard_test.jsonl", json.dumps(WILD | broken), said)
            for broken, said in (
                ({"response_harm_label": "mild"}, "response_harm_label is 'mild', which is none"),
                ({"response_refusal_label": 1}, "is '1', which is none of refusal, compliance"),
                ({"prompt_harm_label": "Harmless"}, "is none of harmful, unharmful"),
            )
        ),
        ("xstest-completions", "other.csv", "", "no xstest_v2_completions_*.csv in it"),
    ],
)
def test_a_broken_copy_is_one_line(
    name: str, file: str, text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(SourceError, match=said.replace("*", r"\*")):
        import_labels(name, tmp_path, tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_an_answer_that_is_neither_yes_nor_no_is_no_label(tmp_path: Path) -> None:
    head = ("goal", "prompt", "target_response", "human_majority")
    table(tmp_path / "judge-comparison.csv", head, ("a", "b", "c", "perhaps"))
    with pytest.raises(SourceError, match=r"judge-comparison\.csv:2: 'perhaps' is neither"):
        import_labels("jailbreakbench", tmp_path, tmp_path / "out.jsonl")


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    row = {"prompt": "a", "response": "b", "category": {}, "is_safe": True}
    beavertails(tmp_path)
    lines(tmp_path / "30k_test.jsonl", row, row)
    assert import_labels("beavertails", tmp_path, tmp_path / "out.jsonl").written == 2
    jailbreakbench(tmp_path)
    head = ("id", "types_of_harm", "question", "m_response", "m_harmful")
    table(tmp_path / "data_en.csv", head, (1, "x", "q", "r", 0), (1, "x", "q", "r", 0))
    with pytest.raises(SourceError, match="stands on an earlier row"):
        import_labels("do-not-answer", tmp_path / "data_en.csv", tmp_path / "out.jsonl")
