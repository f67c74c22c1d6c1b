"""How much of the suite a run asked, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from judger.contract.protocol import HALF, HALF_TOLD
from judger.contract.record import Record
from leaderboard.runs.part import A_PART, SeveralPartsError, limit_of, told
from leaderboard.runs.rejudge import Logged
from tests.leaderboard.made import records, write
from tests.leaderboard.submission.made_runs import run
from tests.leaderboard.submissions import TEXT_ONLY, verdict_lines

Given = list[float | None]
WHOLE = run().records
HALVED = run(verdict_lines(half=True, modalities=TEXT_ONLY)).records


@pytest.mark.parametrize(
    ("limits", "records", "limit", "said"),
    [
        ([None], WHOLE, None, ""),
        ([], WHOLE, None, ""),
        ([None, None], WHOLE, None, ""),
        ([6.0], WHOLE[:50], 6.0, A_PART),
        ([6, None], WHOLE, 6.0, A_PART),
        ([0.5], WHOLE, 0.5, A_PART),
        ([60], HALVED, 60.0, HALF_TOLD),
        ([60.0, 60], HALVED, 60.0, HALF_TOLD),
        # replies made outside the harness say nothing of a limit
        ([None], HALVED, 60.0, HALF_TOLD),
        ([None], HALVED[1:], None, ""),
        ([None], [], None, ""),
    ],
)
def test_the_part(limits: Given, records: list[Record], limit: float | None, said: str) -> None:
    assert limit_of(limits, records) == limit
    assert told(limits, records) == said


@pytest.mark.parametrize(
    ("limits", "records"), [([60, None], WHOLE), ([60, 6], HALVED), ([60], WHOLE)]
)
def test_no_run_is_half_a_half(limits: Given, records: list[Record]) -> None:
    with pytest.raises(SeveralPartsError, match=f"--limit {HALF}"):
        limit_of(limits, records)
    assert told(limits, records) == A_PART


def test_a_run_of_other_data_has_no_half() -> None:
    made = run(verdict_lines(half=True, modalities=TEXT_ONLY), config={"model": "m", "limit": HALF})
    assert made.part == HALF_TOLD and made.limited
    assert replace(made, paper=True).part == A_PART


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(60, 60, 60), (None, None, None), (60, None, 60), (None, 6, 6), (6, None, 6)],
)
def test_judging_again_keeps_the_part(
    first: float | None, second: float | None, kept: float | None, tmp_path: Path
) -> None:
    """The least limit of its phases: what was a part is never taken for a whole."""
    for limit, task_type in ((first, "text_generation"), (second, "text_understanding")):
        write(tmp_path / task_type, records(types=[task_type]), limit=limit)
    assert Logged(tmp_path).config["limit"] == kept
