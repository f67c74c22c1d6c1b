"""Which files are one run, and when it ended: by what its results file says, not by its name."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from judger.bridges.run_files import FileError, date_of, day_of, find, opened, readable

TASK = "uni_safe_privacy_leak_text_generation"
NOON = datetime(2026, 1, 2, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("20260102_120000", "2026-01-02"),
        ("2026-01-02T12-00-00", "2026-01-02"),
        (NOON.timestamp(), "2026-01-02"),  # lm-eval counts seconds
        (int(NOON.timestamp()), "2026-01-02"),
        (None, ""),
        ("today", ""),
    ],
)
def test_the_day_of_a_results_file(date: object, day: str) -> None:
    assert day_of(date) == day


@pytest.mark.parametrize(
    ("loaded", "ended"),
    [
        (
            {"uni_judger": {"finished": "2026-01-02T12:00:00+00:00"}, "date": "19990101_000000"},
            NOON,
        ),
        ({"uni_judger": {"finished": "2026-01-02T13:00:00+01:00"}}, NOON),
        ({"date": "20260102_200000", "lmms_eval_version": "0.7.3"}, NOON),
        (
            {
                "date": "20260102_070000",
                "config": {"resolved_cli_args": {"timezone": "America/New_York"}},
            },
            NOON,
        ),
        ({"date": 1767355200.0}, NOON),
    ],
)
def test_the_date_inside(loaded: dict[str, Any], ended: datetime, tmp_path: Path) -> None:
    assert date_of(loaded, tmp_path) == ended


@pytest.mark.parametrize(
    "loaded",
    [
        {},
        {"date": "yesterday"},
        {"date": None, "uni_judger": {"finished": 3}},
        {"date": "20260102_070000", "config": {"resolved_cli_args": {"timezone": "../x"}}},
    ],
)
def test_without_one_the_files_own(loaded: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    found = date_of(loaded, file)
    assert found.tzinfo is not None
    if "config" not in loaded:
        assert found == NOON


@pytest.mark.parametrize(
    ("results", "samples"),
    [
        ("20260102_120000_results.json", f"20260102_120000_samples_{TASK}.jsonl"),
        ("results_2026-01-02T12-00-00.123.json", f"samples_{TASK}_2026-01-02T12-00-00.123.jsonl"),
        ("results.json", f"samples_{TASK}.jsonl"),
    ],
)
def test_a_results_file_finds_its_samples(results: str, samples: str, tmp_path: Path) -> None:
    (tmp_path / results).write_text(json.dumps({"results": {}}))
    (tmp_path / samples).write_text("")
    (tmp_path / f"20200101_000000_samples_{TASK}.jsonl").write_text("")
    (tmp_path / "20260102_120000_samples_mme.jsonl").write_text("")
    run = opened(tmp_path / results)
    assert {task: path.name for task, path in run.samples.items()} == {TASK: samples}
    assert len(list(find(tmp_path))) == 2, "the older samples have no results file"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"config": 3}', "[" * 100_000, "\x00"])
def test_what_is_no_results_file_is_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x_results.json"
    path.write_text(text)
    with pytest.raises(FileError, match=r"x_results[.]json is no result file") as caught:
        list(find(tmp_path))
    assert "\n" not in str(caught.value)
    assert readable(tmp_path) == ([], [str(caught.value)])
