"""Differences on shared items: the same item by two models, or the same scenario in two forms.

Only pairs in which *both* sides were scored enter; what one side could not do is counted beside
the difference and never averaged into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from judger.rates.bootstrap import DRAWS, Observation, clustered_mean
from judger.rates.wilson import LEVEL


class Pair(NamedTuple):
    """The scores of one shared item; None where a side has no verdict."""

    stratum: str
    cluster: str
    cell: str
    first: float | None
    second: float | None


@dataclass(frozen=True)
class Paired:
    """The macro mean over cells of `second` - `first`, with its interval.

    `n` pairs were scored on both sides, `unpaired` were not. `only_first` and `only_second` count
    the pairs in which the metric is higher on one side. `p` is McNemar's, exact and two-sided;
    None where pairs share clusters (it would take them for independent), where a side is a mean of
    several models, or where there are no pairs.
    """

    n: int
    unpaired: int
    only_first: int
    only_second: int
    cells: int
    first: float | None
    second: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None

    @property
    def clear(self) -> bool:
        """Does the interval leave zero out?"""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def paired(
    pairs: Sequence[Pair], draws: int = DRAWS, seed: int = 0, level: float = LEVEL
) -> Paired:
    """Compare two sides; bootstrap over clusters within strata, fixed seed."""
    both = [(p, p.first, p.second) for p in pairs if p.first is not None and p.second is not None]
    unpaired = len(pairs) - len(both)
    if not both:
        return Paired(0, unpaired, 0, 0, 0, None, None, None, None, None, None)

    def mean(values: Sequence[float], draws: int = 1) -> tuple[float, float, float, int]:
        seen = [
            Observation(p.stratum, p.cluster, p.cell, value)
            for (p, _, _), value in zip(both, values, strict=True)
        ]
        made = clustered_mean(seen, (-1.0, 1.0), draws, seed, level)
        assert made is not None  # there are observations
        return made.value, made.low, made.high, made.cells

    difference, low, high, cells = mean([b - a for _, a, b in both], draws)
    only_first = sum(a > b for _, a, b in both)
    only_second = sum(b > a for _, a, b in both)
    alone = len({(p.stratum, p.cluster) for p, _, _ in both}) == len(both)
    alone = alone and all({a, b} <= {0.0, 1.0} for _, a, b in both)
    return Paired(
        n=len(both),
        unpaired=unpaired,
        only_first=only_first,
        only_second=only_second,
        cells=cells,
        first=mean([a for _, a, _ in both])[0],
        second=mean([b for _, _, b in both])[0],
        difference=difference,
        low=low,
        high=high,
        p=mcnemar(only_first, only_second) if alone else None,
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p of McNemar's test from the two discordant counts; 1.0 without any."""
    from scipy.stats import binomtest  # takes a second, and few commands compare

    discordant = only_first + only_second
    return float(binomtest(only_first, discordant, 0.5).pvalue) if discordant else 1.0


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Holm's adjusted p values over those that exist, in the order given."""
    from statsmodels.stats.multitest import multipletests  # as above

    known = [p for p in ps if p is not None]
    adjusted = iter(multipletests(known, method="holm")[1] if known else ())
    return [None if p is None else float(next(adjusted)) for p in ps]
