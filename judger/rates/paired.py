"""Differences on shared items: the same item by two models, or the same scenario in two forms.

Only pairs in which *both* sides were scored enter; what one side could not do is counted beside
the difference and never averaged into it. One method decides each difference, and its interval
inverts the same test, so that no interval contradicts its own p:

- the items of one cell, each of another scenario and counted 0 or 1: McNemar's exact test, and
  Tango's score interval (Statistics in Medicine, 1998), which is stretched to zero where the exact
  test does not reject;
- all else, a mean over cells: the variance between scenarios and Student's t (`rates.intervals`).
  Away from zero the interval reaches further where a larger difference would vary more: a share of
  pairs as large as the difference has to differ. That is Wilson's idea, and costs nothing at zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, stdtr

from judger.rates.intervals import (
    LEAST_CLUSTERS,
    LEAST_IN_A_CELL,
    LEVEL,
    Observation,
    spread,
    t_quantile,
    table_of,
    wilson,
)


class Pair(NamedTuple):
    """The scores of one shared item; None where a side has no verdict."""

    stratum: str
    cluster: str
    cell: str
    first: float | None
    second: float | None


@dataclass(frozen=True)
class Paired:
    """The macro mean over cells of `second` - `first`, with its interval of `level`.

    `n` pairs were scored on both sides, `unpaired` were not. `only_first` and `only_second` count
    the pairs in which the metric is higher on one side. `p` is two-sided, of the test by which the
    difference is decided; None without pairs, or where `why_none` says why there is no interval
    either. `exact`: McNemar's test of one cell. `clusters`, `error` (standard) and `freedom` are
    those of Student's t. `effective` independent pairs would vary as much, and the mean square of
    their differences is `square` times the mean size (1 for verdicts). `thin` cells share few
    items, and weigh as full ones. `adjusted_p` is that of the family of tests in which it is shown.
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
    level: float = LEVEL
    exact: bool = False
    clusters: int = 0
    error: float = 0.0
    freedom: float = 0.0
    effective: float = 0.0
    square: float = 1.0
    thin: int = 0
    why_none: str = ""
    adjusted_p: float | None = None

    @property
    def clear(self) -> bool:
        """Does the interval leave zero out?"""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def at(self, level: float) -> Paired:
        """The same difference with the interval of another level."""
        if self.difference is None or self.p is None:
            return self
        if self.exact:
            low, high = tango(self.only_second, self.only_first, self.n, level)
            if self.p >= 1 - level:
                low, high = min(low, 0.0), max(high, 0.0)
        else:
            low, high = _ends(self, level)
        return replace(self, low=low, high=high, level=level)


def widened(made: Paired, variance: float, freedom: float) -> Paired:
    """A difference over cells with the variance of another source added to that of scenarios."""
    if made.p is None or made.exact or not variance:
        return made
    own = made.error**2
    total = own + variance
    known = total**2 / (own**2 / max(made.freedom, 1) + variance**2 / max(freedom, 1))
    return by_student(replace(made, error=sqrt(total), freedom=known), made.level)


def paired(pairs: Sequence[Pair], level: float = LEVEL) -> Paired:
    """Compare two sides."""
    both = [(p, p.first, p.second) for p in pairs if p.first is not None and p.second is not None]
    unpaired = len(pairs) - len(both)
    if not both:
        return Paired(0, unpaired, 0, 0, 0, None, None, None, None, None, None)
    seen = [Observation(p.stratum, p.cluster, p.cell, b - a) for p, a, b in both]
    sums, counts, strata = table_of(seen)
    first, _, _ = table_of([o._replace(value=a) for o, (_, a, _) in zip(seen, both, strict=True)])
    weights = np.full(counts.shape[1], 1 / counts.shape[1])
    found = spread(sums[None], counts, weights, strata)
    base = float((first.sum(axis=0) / counts.sum(axis=0)) @ weights)
    difference, variance = float(found.values[0]), float(found.variance[0])
    size, square = (
        float(_mean([o._replace(value=abs(o.value) ** power) for o in seen], weights))
        for power in (1, 2)
    )
    only_first = sum(a > b for _, a, b in both)
    only_second = sum(b > a for _, a, b in both)
    made = Paired(
        n=len(both),
        unpaired=unpaired,
        only_first=only_first,
        only_second=only_second,
        cells=counts.shape[1],
        first=base,
        second=base + difference,
        difference=difference,
        low=None,
        high=None,
        p=None,
        clusters=len(counts),
        thin=int((counts.sum(axis=0) < LEAST_IN_A_CELL).sum()),
        error=sqrt(variance),
        freedom=float(found.freedom[0]),
        effective=effective_pairs(difference, square, variance, counts, weights),
        square=square / size if size else 1.0,
    )
    if _is_one_cell(both, counts):
        return replace(made, exact=True, p=mcnemar(only_first, only_second)).at(level)
    if len(counts) < LEAST_CLUSTERS:
        return replace(made, why_none=f"fewer than {LEAST_CLUSTERS} shared scenarios")
    return by_student(made, level)


def by_student(made: Paired, level: float = LEVEL) -> Paired:
    """A difference over cells of known `error` and `freedom`, as Student's t decides it."""
    return replace(made, p=_p(made)).at(level)


def effective_pairs(
    difference: float, square: float, variance: float, counts: np.ndarray, weights: np.ndarray
) -> float:
    """How many independent pairs of this mean square would vary as much: at least as many as there
    are scenarios, at most as there are pairs of these weights."""
    clusters, most = len(counts), 1 / float((weights**2 / counts.sum(axis=0)).sum())
    found = (square - difference**2) / variance if variance else 0.0
    return max(float(clusters), min(most, found))


def _mean(seen: Sequence[Observation], weights: np.ndarray) -> float:
    sums, counts, _ = table_of(seen)
    return float((sums.sum(axis=0) / counts.sum(axis=0)) @ weights)


def _is_one_cell(both: Sequence[tuple[Pair, float, float]], counts: np.ndarray) -> bool:
    """Independent pairs of verdicts: McNemar's test takes them for such."""
    alone = counts.shape == (len(both), 1)
    return alone and all({a, b} <= {0.0, 1.0} for _, a, b in both)


def _ends(made: Paired, level: float) -> tuple[float, float]:
    """The interval by Student's t, away from zero at least as far as `_far`.

    Where no scenario deviates the t test has nothing to say: then it is Wilson's for 0 of them.
    """
    assert made.difference is not None
    size = abs(made.difference)
    if made.error:
        quantile = t_quantile(made.freedom, level)
        half = quantile * made.error
        far = max(size + half, _far(size, quantile**2 / made.effective, made.square))
    else:
        half = wilson(0, made.clusters, level)[1]
        far = size + half
    near, far = max(-1.0, size - half), min(1.0, far)
    if not size:
        return -far, far
    return (near, far) if made.difference > 0 else (-far, -near)


def _far(size: float, width: float, square: float) -> float:
    """The largest difference from which one of `size` is no further than chance brings it, if of
    so few pairs as can make that difference at all any differ. (The root of a quadratic.)"""
    middle = 2 * size + width * square
    rest = max(0.0, middle**2 - 4 * (1 + width) * size**2)
    return (middle + sqrt(rest)) / (2 * (1 + width))


def _p(made: Paired) -> float:
    """The level at which the interval of `_ends` touches zero."""
    size = abs(made.difference or 0.0)
    if made.error:
        return float(2 * stdtr(made.freedom, -size / made.error))
    return float(2 * stdtr(inf, -sqrt(made.clusters * size / (1 - size)))) if size < 1 else 0.0


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p of McNemar's test from the two discordant counts; 1.0 without any."""
    discordant = only_first + only_second
    if not discordant:
        return 1.0
    return min(1.0, 2 * float(bdtr(min(only_first, only_second), discordant, 0.5)))


def tango(only_second: int, only_first: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Tango's score interval of the difference of two paired shares, from discordant counts."""
    quantile = t_quantile(inf, level)

    def score(delta: float) -> float:
        a, c = 2 * n, -only_first * delta * (1 - delta)
        b = -only_second - only_first + (2 * n - only_second + only_first) * delta
        nuisance = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        variance = n * (2 * nuisance + delta * (1 - delta))
        gap = only_second - only_first - n * delta
        return gap / sqrt(variance) if variance > 0 else inf * gap if gap else 0.0

    estimate = (only_second - only_first) / n
    return (
        _root(lambda delta: score(delta) - quantile, -1.0, estimate),
        _root(lambda delta: score(delta) + quantile, estimate, 1.0),
    )


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is zero, to 1e-12; the end of the range where it is not."""
    for _ in range(42):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2
