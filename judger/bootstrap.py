"""A mean over cells with an interval that knows which observations are not independent.

Whole clusters (scenarios) are drawn with replacement, stratum by stratum (category by category): a
stratified cluster bootstrap with a fixed seed. Vectorised: one draw is one vector of weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from judger.wilson import LEVEL, wilson

DRAWS = 2000


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
    clusters = sorted({(o.stratum, o.cluster) for o in observations})
    cells = sorted({o.cell for o in observations})
    row = {cluster: index for index, cluster in enumerate(clusters)}
    column = {cell: index for index, cell in enumerate(cells)}
    sums, counts = np.zeros((2, len(clusters), len(cells)))
    rows = [row[o.stratum, o.cluster] for o in observations]
    columns = [column[o.cell] for o in observations]
    np.add.at(sums, (rows, columns), [o.value for o in observations])
    np.add.at(counts, (rows, columns), 1)
    value = float((sums.sum(axis=0) / counts.sum(axis=0)).mean())
    drawn = _drawn(sums, counts, [stratum for stratum, _ in clusters], draws, seed)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    if high - low < 1e-12:
        _, width = wilson(0, len(clusters), level)
        low, high = max(limits[0], value - width), min(limits[1], value + width)
    return Estimate(value, float(low), float(high), len(cells), len(clusters))


def _drawn(
    sums: np.ndarray, counts: np.ndarray, strata: Sequence[str], draws: int, seed: int
) -> np.ndarray:
    """The macro mean of each draw; a cell that a draw missed is left out of that draw's mean."""
    _, sizes = np.unique(strata, return_counts=True)  # clusters are sorted by their stratum
    drawn = weights(tuple(map(int, sizes)), draws, seed)
    drawn_counts = drawn @ counts
    met = drawn_counts > 0
    means = np.divide(drawn @ sums, drawn_counts, out=np.zeros_like(drawn_counts), where=met)
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
