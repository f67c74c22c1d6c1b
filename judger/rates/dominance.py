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

from judger.rates.intervals import LEVEL, SAME

Array = np.ndarray
#: Of a t below the first no degrees of freedom make a p under 5 %; a t beyond the second with so
#: many degrees has one under 1e-20, which no family of tests is too large for. To decide, as
#: `above` does, neither p has to be worked out: that is most pairs of a board, and of its time.
SURELY_EQUAL, SURELY_APART, MANY_DEGREES = 1.95, 12.0, 100.0
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


def differences(axis: Axis, exact: bool = True) -> Differences:
    """All paired differences of a metric; `worse` where the row's whole interval lies on the bad
    side of zero. Not `exact`: a p that is surely above 5 % is 1, one that is surely next to 0 is 0.

    As `rates.paired` for rows without gaps. Where a row has gaps the difference is still that of
    the shared items, and an item that only one row has widens the interval.
    """
    known = ~np.isnan(axis.values)
    filled = np.where(known, axis.values, 0.0)
    value = _shared(filled, known, axis.cells)
    influence = _influence(filled, known, axis)
    variance, freedom = _variance(influence, len(np.unique(axis.strata)))
    upper = np.triu_indices(len(value), 1)
    size, spread = np.abs(value[upper]), np.sqrt(variance[upper])
    # Where no scenario deviates, as in `rates.paired`: Wilson's interval for 0 of all scenarios.
    clusters = influence.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        sure = np.sqrt(clusters * size / (1 - size))
        t = np.where(spread > 0, size / spread, sure)
    t = np.nan_to_num(t, nan=0.0, posinf=np.inf)
    degrees = np.where(spread > 0, freedom[upper], np.inf)
    p = np.ones_like(value)
    p[upper] = _two_sided(t, degrees, exact)
    p = np.minimum(p, p.T)
    against = value < 0 if axis.higher else value > 0
    return Differences(value, p, against & (p < 1 - LEVEL))


def _two_sided(t: Array, degrees: Array, exact: bool) -> Array:
    if exact:
        return np.asarray(2 * stdtr(degrees, -t))
    far = (t > SURELY_APART) & (degrees >= MANY_DEGREES)
    p = np.where(far, 0.0, 1.0)
    near = np.flatnonzero((t >= SURELY_EQUAL) & ~far)
    p[near] = 2 * stdtr(degrees[near], -t[near])
    return p


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


def _variance(influence: Array, strata: int) -> tuple[Array, Array]:
    """Variance of each difference, and the degrees of freedom it is known with."""
    powers = [influence**power for power in (1, 2, 3)]
    squares = powers[1].sum(axis=1)
    cross = powers[0] @ powers[0].T
    variance = np.maximum(0.0, squares[:, None] + squares - 2 * cross)
    variance[variance < SAME] = 0.0
    fourths = (powers[1] ** 2).sum(axis=1)
    mixed = powers[2] @ powers[0].T
    fourth = fourths[:, None] + fourths - 4 * (mixed + mixed.T) + 6 * powers[1] @ powers[1].T
    clusters = influence.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        kurtosis = clusters * fourth / variance**2
        freedom = 2 * clusters / np.maximum(kurtosis - 1, SAME)
    return variance, np.clip(np.nan_to_num(freedom, nan=1.0), 1, max(1, clusters - strata))


def above(axes: Sequence[Axis], level: float = FAMILY_LEVEL) -> Array:
    """Row x row: does the row stand above the column?"""
    if not len(axes[0].values):
        return np.zeros((0, 0), dtype=bool)
    found = [differences(axis, exact=False) for axis in axes]
    claimed = _holm(np.stack([one.p for one in found]), 1 - level)
    size = len(found[0].p)
    better = np.zeros((size, size), dtype=bool)
    worse = np.zeros((size, size), dtype=bool)
    for axis, one, sure in zip(axes, found, claimed, strict=True):
        better |= sure & (one.value > 0 if axis.higher else one.value < 0)
        worse |= one.worse
    return better & ~worse


def _holm(p: Array, alpha: float) -> Array:
    """Which of the symmetric tests metric x row x row are rejected, each pair counted once."""
    upper = np.triu_indices(p.shape[-1], 1)
    flat = p[:, upper[0], upper[1]].ravel()
    if not flat.size:
        return np.zeros(p.shape, dtype=bool)
    ordered = np.sort(flat)
    failed = np.flatnonzero(ordered >= alpha / np.arange(flat.size, 0, -1))
    limit = ordered[failed[0]] if failed.size else np.inf
    return np.asarray(p < limit)


def ranks(stands_above: Array) -> list[int]:
    """1 plus the number of rows that stand above; rows of one rank are tied."""
    return [1 + int(number) for number in stands_above.sum(axis=0)]
