"""A mean over cells with an interval that knows which observations are not independent.

Whole clusters (scenarios) are drawn with replacement, stratum by stratum (category by category): a
stratified cluster bootstrap with a fixed seed. Vectorised: one draw is one vector of weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from judger.rates.wilson import LEVEL, wilson

DRAWS = 2000
#: Draws that differ by less agree: rounding makes no spread.
SAME = 1e-12


class Observation(NamedTuple):
    """One number. Observations of one cluster depend on each other; cells are averaged."""

    stratum: str
    cluster: str
    cell: str
    value: float


@dataclass(frozen=True)
class Estimate:
    """The macro mean over `cells` cells, from `clusters` clusters, with its interval."""

    value: float
    low: float
    high: float
    cells: int
    clusters: int


def clustered_mean(
    observations: Sequence[Observation],
    limits: tuple[float, float] = (0.0, 1.0),
    draws: int = DRAWS,
    seed: int = 0,
    level: float = LEVEL,
) -> Estimate | None:
    """Mean over cells of the means within cells; None without observations.

    The interval is the percentile interval of the drawn means. Where all draws agree (every value
    is the same, or each stratum has one cluster) the bootstrap has nothing to say, and half-widths
    are those of Wilson's interval for 0 of `clusters`. Order of the observations does not matter.
    """
    if not observations:
        return None
    table = _table(observations)
    low, high = np.quantile(_drawn(table, draws, seed), [(1 - level) / 2, (1 + level) / 2])
    value, clusters = table.mean, len(table.strata)
    if high - low < SAME:
        _, width = wilson(0, clusters, level)
        low, high = max(limits[0], value - width), min(limits[1], value + width)
    return Estimate(value, float(low), float(high), table.counts.shape[1], clusters)


def replicates(
    observations: Sequence[Observation], draws: int = DRAWS, seed: int = 0
) -> np.ndarray:
    """The drawn means of numbers 0..1, for whoever carries their spread into another number.

    Where all draws agree they are scattered (normally, cut to 0..1, ascending) just as wide as the
    interval that `clustered_mean` gives then. Empty without observations.
    """
    if not observations:
        return np.empty(0)
    table = _table(observations)
    drawn = _drawn(table, draws, seed)
    if np.ptp(drawn) >= SAME:
        return drawn
    _, width = wilson(0, len(table.strata))
    scatter = NormalDist(table.mean, width / NormalDist().inv_cdf((1 + LEVEL) / 2))
    spread = [scatter.inv_cdf((draw + 0.5) / draws) for draw in range(draws)]
    return np.clip(spread, 0.0, 1.0)


class _Table(NamedTuple):
    """Sums and counts of observations, cluster x cell, and each cluster's stratum, ascending."""

    sums: np.ndarray
    counts: np.ndarray
    strata: Sequence[str]

    @property
    def mean(self) -> float:
        return float((self.sums.sum(axis=0) / self.counts.sum(axis=0)).mean())


def _table(observations: Sequence[Observation]) -> _Table:
    clusters = sorted({(o.stratum, o.cluster) for o in observations})
    row = {cluster: index for index, cluster in enumerate(clusters)}
    column = {cell: index for index, cell in enumerate(sorted({o.cell for o in observations}))}
    sums, counts = np.zeros((2, len(row), len(column)))
    places = (
        [row[o.stratum, o.cluster] for o in observations],
        [column[o.cell] for o in observations],
    )
    np.add.at(sums, places, [o.value for o in observations])
    np.add.at(counts, places, 1)
    return _Table(sums, counts, [stratum for stratum, _ in clusters])


def _drawn(table: _Table, draws: int, seed: int) -> np.ndarray:
    """The macro mean of each draw; a cell that a draw missed is left out of that draw's mean."""
    _, sizes = np.unique(table.strata, return_counts=True)
    drawn = weights(tuple(map(int, sizes)), draws, seed)
    counts = drawn @ table.counts
    met = counts > 0
    means = np.divide(drawn @ table.sums, counts, out=np.zeros_like(counts), where=met)
    return means.sum(axis=1) / met.sum(axis=1)


def weights(sizes: Sequence[int], draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """How often each cluster is drawn, draw x cluster, for strata of these sizes, one by one."""
    rng = np.random.default_rng(seed)
    parts = []
    for size in sizes:
        picked = rng.integers(size, size=(draws, size)) + size * np.arange(draws)[:, None]
        counted = np.bincount(picked.ravel(), minlength=draws * size)
        parts.append(counted.reshape(draws, size))
    return np.hstack(parts).astype(float)
