"""The means by which a correction by strata is made: by category, by task type, or none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from judger.contract.taxonomy import CATEGORIES
from leaderboard.board.numbers import COLUMNS, HARMFUL, _parts, _table
from leaderboard.submission.manifest import CELLS
from tests.leaderboard.conftest import Draft


@pytest.mark.parametrize("by", ["category", "task_type", None])
def test_the_means_are_by_what_the_errors_differ_in(text_draft: Draft, by: str | None) -> None:
    layout, codes = (case := text_draft.case()).layout, case.codes
    table = _table(layout, codes, 0, HARMFUL, True)
    calibration: Any = SimpleNamespace(grouping=lambda metric: SimpleNamespace(by=by))
    found: Any = _parts(calibration, HARMFUL[0], table, 0, layout, "text")
    types = {CELLS[column][1] for column in COLUMNS["text"]}
    wanted = {"category": set(CATEGORIES), "task_type": types}
    assert {name: set(means) for name, means in found.items()} == (
        {by: wanted[by]} if by is not None else {}
    )
    for means in found.values():
        assert sum(mean.cells for mean in means.values()) == len(COLUMNS["text"])
