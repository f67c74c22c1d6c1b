"""By what the rows of a board can be filtered: facts of a model, in few words each."""

from __future__ import annotations

import functools
import re

from judger.rates.calibration import Standing
from leaderboard.board.row import Row
from leaderboard.submission.facts import Model

#: Upper ends of the sizes to choose from, in thousand millions of parameters, and their names.
SIZES: tuple[tuple[float, str], ...] = (
    (1, "below 1 B"),
    (4, "1 to 4 B"),
    (10, "4 to 10 B"),
    (40, "10 to 40 B"),
    (float("inf"), "40 B and more"),
)
UNKNOWN = "not said"
# `7B`, `135M`, `8x7B`, `1.5b`; not the `A3B` of active parameters, nor a part of a word.
_SIZE = re.compile(r"(?<![A-Za-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?) ?([BbMm])(?![A-Za-z0-9])")


def billions(model: Model) -> float | None:
    """How large a model is, as its name says, or that of the model it was built on; else None."""
    return _billions(model.id.partition("/")[2], model.name, model.base_model)


@functools.lru_cache(maxsize=4096)  # each board asks it of each row, twice
def _billions(*names: str) -> float | None:
    for text in names:
        if found := _SIZE.search(text):
            times, number, unit = found.groups()
            return int(times or 1) * float(number) / (1 if unit in "Bb" else 1000)
    return None


def size(model: Model) -> str:
    """Which of `SIZES` a model belongs to; `UNKNOWN` where its name does not say."""
    made = billions(model)
    return UNKNOWN if made is None else next(name for end, name in SIZES if made < end)


def size_words(model: Model) -> str:
    """`7 B` or `135 M`, unbroken; "" where it is not known."""
    made = billions(model)
    if made is None:
        return ""
    return f"{made:g}\u00a0B" if made >= 1 else f"{1000 * made:g}\u00a0M"


def judge(row: Row) -> str:
    """Who judged a row, as its protocol says."""
    said = row.submission.protocol.judge
    return " ".join(part for part in (said.model or said.backend, said.revision) if part)


def standing(row: Row) -> str:
    """`calibrated`, on what labels where not people alone gave them, `measured, unfit: why`, or
    `uncalibrated`."""
    measured = bool(row.unfit) or row.submission.calibration.calibrated
    if not measured:
        return "uncalibrated"
    return Standing(measured, row.unfit, row.labelled).told
