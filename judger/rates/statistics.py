"""Rates that never travel without their n, interval and bounds, and means over cells of them.

Pure functions over records. Fractions are 0..1. Intervals are 95 % unless `level` says otherwise.
Differences between two runs or two task types are in `judger.rates.paired`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

from judger.contract.outcomes import OFFERED
from judger.contract.record import Record
from judger.rates.intervals import (
    LEAST_IN_A_CELL,
    LEVEL,
    Estimate,
    Observation,
    clustered_mean,
    pooled_mean,
    wilson,
)
from judger.rates.metrics import METRICS_OF_KIND, score

#: What unscored items could do to a figure is small where it is below this share of its interval.
SMALL = 1 / 8


class _Bounded:
    """A figure with an interval, and the bounds that unscored items set."""

    value: float | None
    low: float | None
    high: float | None
    smallest: float | None
    largest: float | None

    @property
    def possible_bias(self) -> float:
        """How far unscored items and missing cells could move the value, where that is no longer
        small against the interval (more than an eighth of its width); else 0.0."""
        if self.value is None or self.low is None or self.high is None:
            return 0.0
        if self.smallest is None or self.largest is None:
            return 0.0
        moved = max(self.largest - self.value, self.value - self.smallest)
        return moved if moved > SMALL * (self.high - self.low) else 0.0


@dataclass(frozen=True)
class Rate(_Bounded):
    """k of n, with its interval and what unscored items could make of it. Fractions are 0..1.

    `smallest` and `largest` are the values that the rate would take if every unscored item had
    been judged one way; `value`, `low` and `high` are None when nothing was scored. The interval is
    Wilson's for `effective` independent items: all n of one cell, fewer of a pool over cells
    (`pooled`). `thin` is 1 where a cell has too few scored items for its interval to say much;
    `why_none` says why there is no interval.
    """

    k: int
    n: int
    unscored: int
    value: float | None
    low: float | None
    high: float | None
    smallest: float | None
    largest: float | None
    effective: float = 0.0
    thin: int = 0
    why_none: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self) | {"possible_bias": self.possible_bias}


def rate(k: int, n: int, unscored: int = 0, level: float = LEVEL) -> Rate:
    """The rate k of n scored items, beside `unscored` items that could count either way."""
    if not 0 <= k <= n or unscored < 0:
        raise ValueError(f"rate({k}, {n}, unscored={unscored}): 0 <= k <= n and unscored >= 0")
    total = n + unscored
    smallest, largest = (k / total, (k + unscored) / total) if total else (None, None)
    if n == 0:
        return Rate(k, n, unscored, None, None, None, smallest, largest)
    thin = int(n < LEAST_IN_A_CELL)
    low, high = wilson(k, n, level)
    return Rate(k, n, unscored, k / n, low, high, smallest, largest, float(n), thin)


def rate_of(metric: str, records: Sequence[Record], level: float = LEVEL) -> Rate:
    """A metric's rate over records; those of other kinds are left out, unscored ones bound it."""
    scores = [score(metric, record) for record in eligible(metric, records)]
    known = [value for value in scores if value is not None]
    return rate(int(sum(known)), len(known), len(scores) - len(known), level)


def eligible(metric: str, records: Sequence[Record]) -> list[Record]:
    """The records of a kind that can count in a metric, scored or not."""
    return [r for r in records if metric in METRICS_OF_KIND.get(r.kind, ())]


@dataclass(frozen=True)
class Mean(_Bounded):
    """A macro mean over cells: each cell counts the same, however many items were scored in it.

    `cells` had a rate, `missing` had none: nothing in them was scored, or they were never run. `n`
    items were scored, `unscored` were not. `smallest` and `largest` are the means over *all* cells
    of their worst and best cases; a cell that was never run can be anything from 0 to 1.
    `clusters` scenarios were scored; `effective` independent items would vary as much, which is
    known with `freedom` degrees of freedom. `thin` cells have few scored items: the interval is
    wider for them. `why_none` says why there is no interval.
    """

    value: float | None
    low: float | None
    high: float | None
    cells: int
    missing: int
    n: int = 0
    unscored: int = 0
    smallest: float | None = None
    largest: float | None = None
    clusters: int = 0
    effective: float = 0.0
    freedom: float = 0.0
    thin: int = 0
    why_none: str = ""


def macro_mean(metric: str, records: Sequence[Record], level: float = LEVEL, of: int = 0) -> Mean:
    """Mean over cells of a metric; its interval knows that forms of one scenario are not
    independent (`rates.intervals`).

    `of` is how many cells there should be; those that no record is of are missing.
    """
    cells: dict[str, list[Record]] = {}
    for record in eligible(metric, records):
        cells.setdefault(cell_of(record), []).append(record)
    rates = [rate_of(metric, mine) for mine in cells.values()]
    return mean_of(rates, clustered_mean(observations(metric, records), level), of)


def mean_of(rates: Sequence[Rate], made: Estimate | None, of: int = 0) -> Mean:
    """The estimate `made` (None: nothing was scored) with what it is a mean of.

    `rates` are those of the cells; where they are fewer than `of`, the rest was never run.
    """
    total = max(of, len(rates))
    if not total:
        return Mean(None, None, None, 0, 0)
    scored = n = unscored = 0
    worst, best = 0.0, float(total - len(rates))
    for one in rates:  # a board has twenty means of every row
        scored += one.n > 0
        n += one.n
        unscored += one.unscored
        worst += one.smallest or 0.0
        best += 1.0 if one.largest is None else one.largest
    counts = scored, total - scored, n, unscored, worst / total, best / total
    if made is None:
        return Mean(None, None, None, *counts)
    known = made.clusters, made.effective, made.freedom, made.thin, made.why_none
    return Mean(made.value, made.low, made.high, *counts, *known)


def pooled_rate(k: int, n: int, unscored: int, made: Estimate | None) -> Rate:
    """The share k of n of items from many cells; its interval from `made` (`pooled_mean`)."""
    found = rate(k, n, unscored)
    if made is None:
        return found
    return replace(
        found,
        low=made.low,
        high=made.high,
        effective=made.effective,
        thin=0,
        why_none=made.why_none,
    )


def observations(metric: str, records: Sequence[Record]) -> list[Observation]:
    """What was scored, as `rates.intervals` takes it."""
    return [
        Observation(record.category, cluster_of(record), cell_of(record), value)
        for record in eligible(metric, records)
        if (value := score(metric, record)) is not None
    ]


def cell_of(record: Record) -> str:
    """The name of a record's cell."""
    return f"{record.category} {record.task_type}"


def cluster_of(record: Record) -> str:
    """What an item is not independent of: its scenario, or itself where that is not known."""
    return str(record.scenario or record.item_id)


def joint_table(records: Sequence[Record]) -> dict[tuple[str, str], int]:
    """How often each (contextual, intrinsic) pair of verdicts stands on scored harmful items.

    (unsafe, unsafe): harm; (unsafe, safe): harm in context only; (safe or refusal, unsafe): harm in
    itself; (refusal, safe): refused; (safe, safe): engaged safely. All six pairs are present.
    """
    table = {(str(c), str(i)): 0 for c, i in product(OFFERED["contextual"], OFFERED["intrinsic"])}
    for record in records:
        if record.kind == "harmful" and record.outcome == "scored":
            pair = str(record.contextual), str(record.intrinsic)
            if pair in table:  # the published digit rule can read a refusal on the intrinsic axis
                table[pair] += 1
    return table


def joint_rates(records: Sequence[Record]) -> dict[tuple[str, str], Rate]:
    """Each pair's share of the scored harmful items, every item counting the same."""
    harmful = [r for r in records if r.kind == "harmful"]
    scored = [r for r in harmful if r.outcome == "scored"]
    made = {}
    for pair, k in joint_table(scored).items():
        seen = [
            Observation(r.category, cluster_of(r), "", float((r.contextual, r.intrinsic) == pair))
            for r in scored
        ]
        made[pair] = pooled_rate(k, len(scored), len(harmful) - len(scored), pooled_mean(seen))
    return made


def pooled(metric: str, records: Sequence[Record]) -> Rate:
    """A metric over all items of many cells, each counting the same, as in the joint table."""
    found = rate_of(metric, records)
    return pooled_rate(found.k, found.n, found.unscored, pooled_mean(observations(metric, records)))
