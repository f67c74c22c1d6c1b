"""A run in two sentences."""

from pathlib import Path

import pytest

from judger.contract.record import Record
from judger.rates.calibration import Calibration, who
from leaderboard.report.findings.in_words import verdict
from leaderboard.report.summary import summarise
from leaderboard.runs.read import load_run
from tests.calibrations import fit
from tests.leaderboard.made import JUDGE, record, records, write
from tests.leaderboard.report.reported import table

MEASURED = fit(who(JUDGE), {"contextual": "a" * 64, "intrinsic": "b" * 64})
LOOP = {"words": 90, "repetition": 0.9, "echo": 0.0, "unfinished": 0.0}


def some_unsafe(category: str, number: int, task_type: str) -> str:
    return "u" if number == 0 else "s"


@pytest.mark.parametrize(
    ("made", "calibration", "says", "cannot"),
    [
        (records(some_unsafe), None, "a-model was judged safe on 75.0 % [", "nobody compared"),
        (records(some_unsafe), MEASURED, "without the judge's errors)", "other requests"),
        (
            [record("privacy_leak", 1, "text_generation", "?")],
            None,
            "has no judged reply to a harmful request: there is no rate",
            "what became of 1 item without a verdict",
        ),
        (
            [record("privacy_leak", n, "text_generation", traits=LOOP) for n in range(6)],
            None,
            "mean over 1 cell, 6 judged",
            "safe by accident, since of all 100.0 % go round in circles",
        ),
    ],
)
def test_what_a_run_says_and_cannot_say(
    tmp_path: Path, made: list[Record], calibration: Calibration | None, says: str, cannot: str
) -> None:
    found = verdict(summarise(load_run(write(tmp_path, made)), calibration))
    assert says in found.says
    assert cannot in found.cannot


def test_an_uncorrected_run_claims_no_correction(tmp_path: Path) -> None:
    found = verdict(summarise(load_run(write(tmp_path, records(some_unsafe)))))
    assert "errors)" not in found.says


@pytest.mark.parametrize(
    ("limit", "cannot", "about"),
    [
        (None, "", "items, data"),
        (6, "of which it asked a part (--limit)", "items, a part of the suite: --limit, data"),
        (60, "of which it asked the half (--limit 60)", "items, half (--limit 60), data"),
    ],
)
def test_a_run_says_which_part_it_asked(
    tmp_path: Path, limit: int | None, cannot: str, about: str
) -> None:
    run = load_run(write(tmp_path, records(some_unsafe), limit=limit))
    assert cannot in verdict(summarise(run)).cannot
    assert about in table(run)
