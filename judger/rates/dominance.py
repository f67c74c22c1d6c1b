"""Ranks by dominance: a row stands above another where it is better on one metric and not worse on
any other, by the paired difference on the items that both were scored on.

"Better" is held to one family of tests over all pairs of rows and all metrics (Holm), so that equal
rows are not ordered by noise; "not worse" to the plain 95 % interval, so that a gain is not bought
by a loss that is visible. A rank is 1 plus the number of rows that stand above. Vectorised: a
thousand rows are half a million pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from judger.rates.intervals import LEVEL, SAME, t_quantile

Array = np.ndarray
#: A quantile of Student's t with so many degrees of freedom is near that with any larger number,
#: and quantiles are known but for rounding.
MANY_DEGREES, ROUNDING = 100.0, 1e-6
#: So many rows are compared with all others at a time: their numbers stay in a core's own cache.
BLOCK = 48
#: A false order of equal rows is allowed on one board in a hundred, whatever their number.
FAMILY_LEVEL = 0.99


@dataclass(frozen=True, eq=False)
class Axis:
    """One metric of all rows: row x item, NaN where it has no verdict.

    `cells` and `clusters` number each item's cell and scenario, `strata` each scenario's stratum.
    `higher`: is more better?
    """

    values: Array
    cells: Array
    clusters: Array
    strata: Array
    higher: bool


class Differences(NamedTuple):
    """Row minus column, row x row: the macro mean over cells on shared items, its t and p."""

    value: Array
    p: Array
    worse: Array


def differences(axis: Axis) -> Differences:
    """All paired differences of a metric; `worse` where the row's whole interval lies on the bad
    side of zero.

    As `rates.paired` for rows without gaps. Where a row has gaps the difference is still that of
    the shared items, and an item that only one row has widens the interval.
    """
    value, t, degrees = _tests(axis)
    p = 2 * stdtr(degrees, -t)  # 1 where no test stands, for t is 0 there
    p = np.minimum(p, p.T)
    return Differences(value, p, _against(axis, value) & (p < 1 - LEVEL))


class _Tests(NamedTuple):
    """Row minus column; t and its degrees of freedom once for each pair, above the diagonal."""

    value: Array
    t: Array
    degrees: Array


def _tests(axis: Axis) -> _Tests:
    known = ~np.isnan(axis.values)
    filled = np.where(known, axis.values, 0.0)
    value = _shared(filled, known, axis.cells)
    moments = _moments(_influence(filled, known, axis), len(np.unique(axis.strata)))
    t, degrees = np.zeros_like(value), np.full_like(value, np.inf)
    for start in range(0, len(value), BLOCK):
        rows = slice(start, start + BLOCK)
        variance, freedom = _variance(moments, start)
        t[rows, start:], degrees[rows, start:] = _student(
            np.abs(value[rows, start:]), np.sqrt(variance), freedom, moments.clusters
        )
        t[rows, rows] = np.triu(t[rows, rows], 1)
    return _Tests(value, t, degrees)


def _student(size: Array, spread: Array, freedom: Array, clusters: int) -> tuple[Array, Array]:
    """t of differences of these sizes, and its degrees of freedom."""
    still = spread == 0
    if not still.any():
        return size / spread, freedom
    # Where no scenario deviates, as in `rates.paired`: Wilson's interval for 0 of all of them.
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(still, np.sqrt(clusters * size / (1 - size)), size / spread)
    return np.nan_to_num(t, nan=0.0, posinf=np.inf), np.where(still, np.inf, freedom)


def _against(axis: Axis, value: Array) -> Array:
    return value < 0 if axis.higher else value > 0


def _shared(filled: Array, known: Array, cells: Array) -> Array:
    """The mean over cells of the difference of means on shared items; a cell without any is 0.

    Rows without gaps share all items of a cell with each other: their difference is that of their
    own means. Only the few rows with a gap are held against every other, item by item.
    """
    # Counts far below 2^24 are exact in single precision, which is twice as fast.
    scores, have = filled.astype(np.float32), known.astype(np.float32)
    own = np.zeros(len(filled))
    moved = np.zeros((len(filled), len(filled)))
    numbers = np.unique(cells)
    for cell in numbers:
        mine = np.flatnonzero(cells == cell)
        mean = filled[:, mine].sum(axis=1) / np.maximum(known[:, mine].sum(axis=1), 1)
        own += mean
        gaps = np.flatnonzero(~known[:, mine].all(axis=1))
        if not gaps.size:
            continue
        there, said = have[:, mine], scores[:, mine]
        size = np.maximum(there[gaps] @ there.T, 1)
        apart = (said[gaps] @ there.T - there[gaps] @ said.T) / size
        change = apart - mean[gaps, None] + mean
        change[:, gaps] /= 2  # pairs of two such rows are met twice
        moved[gaps] += change
    return np.asarray((own[:, None] - own + moved - moved.T) / max(1, len(numbers)))


def _influence(filled: Array, known: Array, axis: Axis) -> Array:
    """What each scenario adds to the deviation of a row's mean, row x scenario."""
    found = np.zeros((len(filled), int(axis.clusters.max(initial=-1)) + 1))
    numbers = np.unique(axis.cells)
    for cell in numbers:
        mine = np.flatnonzero(axis.cells == cell)
        have = known[:, mine]
        size = np.maximum(have.sum(axis=1, keepdims=True), 1)
        mean = filled[:, mine].sum(axis=1, keepdims=True) / size
        places, present = axis.clusters[mine], len(np.unique(axis.clusters[mine]))
        scale = np.sqrt(present / max(1, present - 1)) / size / len(numbers)
        deviation = np.where(have, filled[:, mine] - mean, 0.0) * scale
        if present == len(mine):  # an item of each scenario, as our own data have it
            found[:, places] += deviation
        else:
            np.add.at(found.T, places, deviation.T)
    return found[:, np.unique(axis.clusters)]


class _Moments(NamedTuple):
    """Each row's influence, what the fourth moment of a difference takes from either of its rows
    (row x scenario, powers side by side), and sums of powers."""

    first: Array
    mine: Array
    other: Array
    squares: Array
    fourths: Array
    clusters: int
    most: int


def _moments(influence: Array, strata: int) -> _Moments:
    second = influence**2
    third = second * influence
    mine = np.hstack([6 * second, -4 * third, -4 * influence])
    other = np.hstack([second, influence, third])
    sums = second.sum(axis=1), (second**2).sum(axis=1)
    most = max(1, influence.shape[1] - strata)
    return _Moments(influence, mine, other, *sums, influence.shape[1], most)


def _variance(made: _Moments, start: int) -> tuple[Array, Array]:
    """Variance of the differences of a block to it and all behind it, and its degrees."""
    mine, rest = slice(start, start + BLOCK), slice(start, None)
    variance = made.squares[mine, None] + made.squares[rest]
    variance -= 2 * (made.first[mine] @ made.first[rest].T)
    variance[variance < SAME] = 0.0
    fourth = made.mine[mine] @ made.other[rest].T
    fourth += made.fourths[mine, None] + made.fourths[rest]
    with np.errstate(divide="ignore", invalid="ignore"):
        kurtosis = made.clusters * fourth / variance**2
    freedom = 2 * made.clusters / np.maximum(kurtosis - 1, SAME)
    return variance, np.clip(np.nan_to_num(freedom, nan=1.0), 1, made.most)


def above(axes: Sequence[Axis], level: float = FAMILY_LEVEL) -> Array:
    """Row x row: does the row stand above the column?"""
    if not len(axes[0].values):
        return np.zeros((0, 0), dtype=bool)
    found = [_tests(axis) for axis in axes]
    claimed = _holm([(one.t, one.degrees) for one in found], 1 - level)
    better, worse = np.zeros((2, *found[0].t.shape), dtype=bool)
    for axis, one, sure in zip(axes, found, claimed, strict=True):
        against = _against(axis, one.value)
        apart = _below(one.t, one.degrees, 1 - LEVEL)
        better |= (sure | sure.T) & against.T  # what is against the one speaks for the other
        worse |= (apart | apart.T) & against
    return np.asarray(better & ~worse)


def _below(t: Array, degrees: Array, level: float) -> Array:
    """Is the two-sided p of t below this level? Worked out only where two quantiles do not tell."""
    possible, sure = _bounds(t, degrees, level)
    near = possible & ~sure
    sure[near] = 2 * stdtr(degrees[near], -t[near]) < level
    return sure


def _bounds(t: Array, degrees: Array, level: float) -> tuple[Array, Array]:
    """Where p can be below this level, and where it surely is."""
    least, enough = (t_quantile(number, 1 - level) for number in (np.inf, MANY_DEGREES))
    return t > least * (1 - ROUNDING), (t > enough * (1 + ROUNDING)) & (degrees >= MANY_DEGREES)


def _holm(tests: Sequence[tuple[Array, Array]], alpha: float) -> list[Array]:
    """Which of these tests (t and degrees, above the diagonal) are rejected, all in one family.

    Rejected are those whose p is below the first p, in order of size, that is not below
    alpha / (number of tests that are no smaller). What is below alpha / (number of all) is rejected
    whatever the others are; and if at most `most` are, none of them is as large as alpha / (number
    of all but `most`). So only what lies between has to be worked out and put in order.
    """
    size = len(tests[0][0])
    total = len(tests) * (size * (size - 1) // 2)
    most, largest = total, alpha
    while True:
        possible = [_bounds(*one, largest)[0] for one in tests]
        found = sum(int(one.sum()) for one in possible)
        if found >= most:
            break
        most, largest = found, alpha / (total - found + 1)
    surely = [_bounds(*one, alpha / max(1, total))[1] for one in tests]
    near = [could & ~sure for could, sure in zip(possible, surely, strict=True)]
    ps = [2 * stdtr(degrees[x], -t[x]) for (t, degrees), x in zip(tests, near, strict=True)]
    ordered = np.sort(np.concatenate(ps))
    before = sum(int(sure.sum()) for sure in surely)
    steps = alpha / (total - before - np.arange(ordered.size))
    failed = np.flatnonzero(ordered >= steps)
    limit = ordered[failed[0]] if failed.size else np.inf
    for sure, x, p in zip(surely, near, ps, strict=True):
        sure[x] = p < limit
    return surely


def ranks(stands_above: Array) -> list[int]:
    """1 plus the number of rows that stand above; rows of one rank are tied."""
    return [1 + int(number) for number in stands_above.sum(axis=0)]
