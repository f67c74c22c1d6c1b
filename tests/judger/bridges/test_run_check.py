"""A run held against itself, case by case: what is a difference, what is none, what it says."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from judger.bridges.run_check import differences, likely_cause, read
from judger.bridges.run_files import RunFiles
from judger.rates.counts import Counts
from tests.judger.items import record

TASK = "uni_safe_privacy_leak_text_generation"
LINES = [record(item_id=f"i{n}") for n in range(4)]
WHOLE = Counts.over(LINES).to_json()
ON_DISK = [json.dumps({"uni_judger": one.to_json()}) for one in LINES]


def run(tmp_path: Path, lines: list[str] | None, said: Any = WHOLE, **more: Any) -> RunFiles:
    """A run of one cell: the lines of its samples file (None: it has none) and what was said."""
    samples = tmp_path / "x_samples.jsonl"
    if lines is not None:
        samples.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    cells = {} if said is None else {TASK: {"uni_judger,none": said}}
    loaded = {"results": cells, **more}
    files = {} if lines is None else {TASK: samples}
    return RunFiles(tmp_path / "x_results.json", loaded, files, datetime.now(timezone.utc))


def traffic(requests: Any, replies: Any = None, **more: Any) -> dict[str, Any]:
    seen = {"requests": requests, "replies": requests if replies is None else replies}
    return {"uni_judger": {"traffic": {TASK: seen}}, **more}


def repeated(repeats: Any) -> dict[str, Any]:
    return {"configs": {TASK: {"repeats": repeats}}}


LOGGED = {"config": {"resolved_cli_args": {"log_samples": True}}}
NOT_LOGGED = {"config": {"resolved_cli_args": {"log_samples": "yes"}}}


@pytest.mark.parametrize(
    ("lines", "said", "more", "says"),
    [
        (ON_DISK, WHOLE, {}, []),
        (ON_DISK, WHOLE, traffic(4), []),
        (ON_DISK, WHOLE, traffic(3), [": 3 requests, 3 replies, 4 lines on disk, 4 records"]),
        (ON_DISK, WHOLE, traffic(4, 5), [": 4 requests, 5 replies, 4 lines on disk"]),
        (ON_DISK, WHOLE, traffic(True), [": 0 requests, 0 replies"]),
        # so many requests for each document
        (ON_DISK, WHOLE, traffic(8, **repeated(2)), []),
        (ON_DISK, WHOLE, traffic(9, **repeated(2)), [": 9 requests, 9 replies, 4 lines"]),
        (ON_DISK, WHOLE, traffic(8, **repeated(1)), [": 8 requests"]),
        (ON_DISK, WHOLE, traffic(4, **repeated(0)), []),
        (ON_DISK, WHOLE, traffic(4, **repeated(-2)), []),
        (ON_DISK, WHOLE, traffic(4, **repeated("2")), []),
        # what the harness meant to ask; an offset takes from the front
        (ON_DISK, WHOLE, {"n-samples": {TASK: {"original": 9, "effective": 4}}}, []),
        (
            ON_DISK,
            WHOLE,
            {"n-samples": {TASK: {"original": 9, "effective": 5}}},
            [": 5 documents, 4 lines on disk"],
        ),
        (
            ON_DISK,
            WHOLE,
            {"n-samples": {TASK: {"original": 9, "effective": 9}}, "config": {"offset": 5}},
            [],
        ),
        (
            ON_DISK,
            WHOLE,
            {"n-samples": {TASK: {"original": 2, "effective": 9}}, "config": {"offset": 5}},
            [": 0 documents, 4 lines on disk"],
        ),
        # a cell that is not there, or not of this form
        (ON_DISK, None, {}, [" has no cell in "]),
        (ON_DISK, "nothing", {}, []),
        # a samples file that is not there
        (None, WHOLE, {}, []),
        (None, WHOLE, LOGGED, [": there is no samples file of it beside "]),
        (None, WHOLE, NOT_LOGGED, []),
        # other counts than those of the records
        (
            ON_DISK,
            {**WHOLE, "scored": 3, "no_output": 1},
            {},
            [": records on disk / results file: scored 4 / 3, no_output 0 / 1"],
        ),
        (ON_DISK, {**WHOLE, "items": 5}, {}, [": 4 lines on disk, 4 records, 5 items"]),
        # what was noticed while it ran
        (
            ON_DISK,
            WHOLE,
            {"uni_judger": {"faults": ["reply 1 came twice"]}},
            ["reply 1 came twice"],
        ),
        (ON_DISK, WHOLE, {"uni_judger": {"faults": "none"}}, []),
    ],
)
def test_a_difference_is_a_line(
    lines: list[str] | None, said: Any, more: dict[str, Any], says: list[str], tmp_path: Path
) -> None:
    found = list(differences(run(tmp_path, lines, said, **more)))
    assert len(found) == len(says), found
    assert all(wanted in line for wanted, line in zip(says, found, strict=True)), found


@pytest.mark.parametrize("bad", [1, 2, 3, 4, 7])
def test_lines_without_a_record_are_named_and_then_counted(bad: int, tmp_path: Path) -> None:
    found = list(differences(run(tmp_path, [*ON_DISK, *["{half"] * bad], None)))
    named = [line for line in found if "no uni_judger record" in line]
    assert [line.split(": ")[0].rsplit(":", 1)[1] for line in named] == ["5", "6", "7"][:bad]
    rest = [line for line in found if line.endswith("more lines hold no record")]
    assert len(rest) == (bad > 3)
    assert all(f": {bad - 3} more" in line for line in rest)
    assert f": {4 + bad} lines on disk, 4 records" in found[-1]


def test_a_samples_file_that_cannot_be_opened_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "gone.jsonl").mkdir()
    found = read(tmp_path / "gone.jsonl")
    assert (found.lines, found.unread, len(found.broken)) == (0, 0, 1)
    assert "directory" in found.broken[0]


def test_an_endless_line_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(ON_DISK[0] + " " * (4 * 1024 * 1024 - len(ON_DISK[0])) + "\n")
    assert read(tmp_path / "a.jsonl").broken == [f":1: a line of {4 * 1024 * 1024 + 1} bytes"]
    (tmp_path / "a.jsonl").write_text(ON_DISK[0] + " " * (4 * 1024 * 1024 - len(ON_DISK[0])))
    assert read(tmp_path / "a.jsonl").broken == []


def lost(outcome: str, n: int, reason: str = "why") -> list[str]:
    made = (record(item_id=f"{outcome}{i}", outcome=outcome, reason=reason) for i in range(n))
    return [json.dumps({"uni_judger": one.to_json()}) for one in made]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], ""),
        (ON_DISK, ""),
        ([*lost("no_output", 3), ON_DISK[0]], ""),
        (lost("unsupported", 3), ""),
        (lost("no_output", 3), "nothing was judged: 3 of 3 no_output (why); most back ends"),
        (
            [*lost("no_output", 1), *lost("target_error", 2)],
            "nothing was judged: 2 of 3 target_error (why); the model's back end or server failed",
        ),
        (
            [*lost("unsupported", 1), *lost("judge_error", 2)],
            "nothing was judged: 2 of 3 judge_error (why); the judge could not be asked",
        ),
    ],
)
def test_why_a_run_holds_no_verdict(lines: list[str], says: str, tmp_path: Path) -> None:
    found = likely_cause(run(tmp_path, lines))
    assert found.startswith(says) and bool(found) is bool(says)
