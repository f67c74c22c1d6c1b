"""Reading a run back: what could only mislead is refused, and named."""

import json
from pathlib import Path
from typing import Any

import pytest

from leaderboard.runs.read import RunError, load_run
from tests.leaderboard.made import record, write


@pytest.mark.parametrize(
    "change",
    [
        {"contextual": None},
        {"contextual": "SAFE"},
        {"intrinsic": "refusal"},
        {"outcome": "fine"},
        {"kind": "odd"},
        {"parts": "text"},
        {"parts": [1]},
        {"judge": "me"},
        {"item_id": 3},
        {"category": None, "task_type": None, "item_id": None},
    ],
)
def test_a_record_that_could_only_mislead_is_refused(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    one = record("privacy_leak", 1, "text_generation").to_json() | change
    line = {"input": "", "filtered_resps": "", "uni_judger": one}
    if change.get("item_id", "") is None:
        del one["item_id"]
    (tmp_path / "x_samples_uni_safe_a.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(RunError, match=r"samples_uni_safe_a.jsonl:1: no uni_judger record"):
        load_run(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"config": "x"}'])
def test_a_broken_result_file_is_named(tmp_path: Path, text: str) -> None:
    write(tmp_path, [record("privacy_leak", 1, "text_generation")])
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(RunError, match=r"results.json is no result file"):
        load_run(tmp_path)


@pytest.mark.parametrize(
    ("logged", "prompt"),
    [
        ({"input": "Say it."}, "Say it."),
        ({"input": ["a", "b"]}, '["a", "b"]'),
        ({"arguments": {"gen_args_0": {"arg_0": "Say it.", "arg_1": {}}}}, "Say it."),
        ({"arguments": [["Say it."]]}, ""),
        ({}, ""),
    ],
)
def test_the_prompt_is_found_where_either_harness_logs_it(
    tmp_path: Path, logged: dict[str, Any], prompt: str
) -> None:
    line = {
        "uni_judger": record("privacy_leak", 1, "text_generation").to_json(),
        "filtered_resps": "x",
    }
    (tmp_path / "samples_uni_safe_a_2026-01-01.jsonl").write_text(json.dumps(line | logged) + "\n")
    assert [sample.prompt for sample in load_run(tmp_path).samples] == [prompt]
