"""Drawing items by stratum: the same number from every cell, in a cell as they occur in the run.

Inside a cell items are sorted by kind, then by verdict, then by chance, and every k-th is taken
from a start by chance (systematic sampling). Kinds and verdicts are so represented in proportion,
and every item of a cell has the same chance to be drawn, whatever the judge said of it. Were it
otherwise (more of what the judge called unsafe, say), sensitivity and specificity counted in the
sample would not be the judge's own.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from judger.contract.record import Record
from judger.rates.statistics import cell_of

Thing = TypeVar("Thing")


def draw(
    things: Sequence[Thing], record_of: Callable[[Thing], Record], n: int, seed: int
) -> list[Thing]:
    """At most `n` of them in an order by chance; the same for the same things and seed."""
    chance = random.Random(f"uni-safe label sample {seed}")
    cells: dict[str, list[Thing]] = {}
    for thing in sorted(things, key=lambda one: record_of(one).item_id):
        cells.setdefault(cell_of(record_of(thing)), []).append(thing)
    sizes = _shared({name: len(mine) for name, mine in sorted(cells.items())}, n, chance)
    drawn = [
        thing
        for name, size in sizes.items()
        for thing in _every(_by_stratum(cells[name], record_of, chance), size, chance)
    ]
    chance.shuffle(drawn)
    return drawn


def _shared(there: dict[str, int], n: int, chance: random.Random) -> dict[str, int]:
    """How many from each cell: one each in turn, in an order by chance, until there are `n`."""
    order = list(there)
    chance.shuffle(order)
    sizes = dict.fromkeys(there, 0)
    left = min(n, sum(there.values()))
    while left:
        for name in order:
            if left and sizes[name] < there[name]:
                sizes[name] += 1
                left -= 1
    return sizes


def _by_stratum(
    mine: Sequence[Thing], record_of: Callable[[Thing], Record], chance: random.Random
) -> list[Thing]:
    def stratum(thing: Thing) -> tuple[str, str, str, str]:
        record = record_of(thing)
        return record.kind, record.outcome, str(record.contextual), str(record.intrinsic)

    shuffled = list(mine)
    chance.shuffle(shuffled)
    return sorted(shuffled, key=stratum)


def _every(sorted_: Sequence[Thing], size: int, chance: random.Random) -> list[Thing]:
    start = chance.random()
    return [sorted_[int((start + turn) * len(sorted_) / size)] for turn in range(size)]
