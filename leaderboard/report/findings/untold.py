"""Rates that are empty because the judge was never asked, or cannot tell: no fault of any item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from judger.contract.record import Record
from judger.rates.metrics import REFUSALS
from judger.rates.statistics import Mean, Rate, eligible

NOT_ASKED = "the judge was not asked whether replies helped"
CANNOT_TELL = "the judge cannot tell a refusal"
Figure = TypeVar("Figure", Rate, Mean)


def told(metric: str, made: Figure, records: Sequence[Record]) -> Figure:
    """The figure; where nothing was counted although items were judged, with the reason why."""
    if made.value is not None or metric not in ("helped", *REFUSALS):
        return made
    mine = eligible(metric, records)
    unscored = sum(record.outcome != "scored" for record in mine)
    if unscored == len(mine):
        return made
    why = NOT_ASKED if metric == "helped" else CANNOT_TELL
    return replace(made, unscored=unscored, smallest=None, largest=None, why_none=why)
