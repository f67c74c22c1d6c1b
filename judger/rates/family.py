"""One family of tests: Holm's procedure over all rows that a table shows, and what it takes.

The interval of a row has the level at which the procedure decided it (at least 95 %), so it leaves
zero out exactly where the adjusted p is below 0.05.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, log2
from typing import TypeVar

from judger.rates.intervals import LEVEL
from judger.rates.paired import Paired

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Tested:
    """A difference as its family decides it: the adjusted p, and the interval of that level."""

    paired: Paired
    adjusted_p: float | None

    @property
    def claimed(self) -> bool:
        """Does the evidence carry the claim that there is a difference?"""
        return self.adjusted_p is not None and self.adjusted_p < 1 - LEVEL


def as_family(differences: Mapping[Name, Paired]) -> dict[Name, Tested]:
    """All rows of one table as one family; rows without p are not tested and weigh nothing."""
    ps = [made.p for made in differences.values()]
    adjusted, levels = holm(ps), holm_levels(ps)
    rows = zip(differences.items(), adjusted, levels, strict=True)
    return {
        name: Tested(replace(made if level is None else made.at(level), adjusted_p=p), p)
        for (name, made), p, level in rows
    }


def margins(
    overall: Paired, *tables: Mapping[str, Paired]
) -> tuple[Paired, tuple[dict[str, Paired], ...]]:
    """The rows over several cells that one metric is shown in, as one family."""
    named = {(0, ""): overall}
    named |= {(n, name): made for n, rows in enumerate(tables, 1) for name, made in rows.items()}
    found = {name: one.paired for name, one in as_family(named).items()}
    parts = tuple({name: found[n, name] for name in rows} for n, rows in enumerate(tables, 1))
    return found[0, ""], parts


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Holm's adjusted p values over those that exist, in the order given."""
    order = _ascending(ps)
    adjusted: list[float | None] = [None] * len(ps)
    largest = 0.0
    for step, (p, index) in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - step) * p))
        adjusted[index] = largest
    return adjusted


def holm_levels(ps: Sequence[float | None], level: float = LEVEL) -> list[float | None]:
    """The level of the interval of each: that of the step at which it was decided.

    Everything after the first that is not rejected is decided at that step.
    """
    order = _ascending(ps)
    levels: list[float | None] = [None] * len(ps)
    alpha, going = 1 - level, True
    for step, (p, index) in enumerate(order):
        if going:
            alpha = (1 - level) / (len(order) - step)
            going = p < alpha
        levels[index] = 1 - alpha
    return levels


def _ascending(ps: Sequence[float | None]) -> list[tuple[float, int]]:
    return sorted((p, index) for index, p in enumerate(ps) if p is not None)


def one_sided_pairs_needed(tests: int, level: float = LEVEL) -> int:
    """How many discordant pairs, all on one side, McNemar's exact test needs as one of `tests`."""
    return ceil(log2(2 * tests / (1 - level)))
