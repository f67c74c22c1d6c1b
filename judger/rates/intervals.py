"""Intervals of shares: Wilson's for independent items, and for means over cells of clustered ones.

The seven forms of one scenario are not independent, so a mean over cells is worth fewer items than
it counts. `weighted_means` measures the variance between scenarios (linearised, every cell about
its own mean), turns it into the number of independent items that would vary as much (the effective
n), and takes Wilson's interval for that many, with the quantile of Student's t. The degrees of
freedom follow from how unevenly the scenarios contribute (their kurtosis): where three of 240 hold
all that varies, the variance is known from three. `benchmarks/coverage.py` measures how often such
intervals hold the truth, beside the percentile bootstrap that they replaced.

E. B. Wilson (1927); E. L. Korn and B. I. Graubard, Confidence intervals for proportions with small
expected number of positive counts estimated from survey data (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.95
#: Fewer scenarios than this say too little of how scenarios vary: no interval is given.
LEAST_CLUSTERS = 5
#: A cell with fewer scored items is thin: it weighs as much as a full one, and says so.
LEAST_IN_A_CELL = 5
#: Variances below this are rounding.
SAME = 1e-15


def wilson(k: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """(low, high), fractions, for `k` of `n` (n above 0): the one interval of every single rate.

    In closed form, because every rate of a run or a board needs one; a test holds it to statsmodels
    and scipy.
    """
    return score_interval(k, n, NormalDist().inv_cdf((1 + level) / 2))


def score_interval(k: float, n: float, quantile: float) -> tuple[float, float]:
    """Wilson's interval at a quantile of the normal or of Student's t distribution."""
    square = quantile * quantile
    centre = (k + square / 2) / (n + square)
    half = quantile / (n + square) * sqrt(max(0.0, k * (n - k) / n) + square / 4)
    low = 0.0 if k <= 0 else max(0.0, centre - half)
    return low, 1.0 if k >= n else min(1.0, centre + half)


def t_quantile(freedom: float, level: float = LEVEL) -> float:
    """The two-sided quantile of Student's t distribution."""
    return float(stdtrit(freedom, (1 + level) / 2))


class Observation(NamedTuple):
    """One number. Observations of one cluster depend on each other; cells are averaged."""

    stratum: str
    cluster: str
    cell: str
    value: float


@dataclass(frozen=True)
class Estimate:
    """The mean over `cells` cells, from `clusters` clusters, with its interval.

    `effective` independent items would vary as much; `freedom` is how well that is known. `thin`
    cells hold fewer than `LEAST_IN_A_CELL` observations. `why_none` says why there is no interval.
    """

    value: float
    low: float | None
    high: float | None
    cells: int
    clusters: int
    effective: float
    freedom: float
    thin: int = 0
    why_none: str = ""


def clustered_mean(observations: Sequence[Observation], level: float = LEVEL) -> Estimate | None:
    """Mean over cells of the means within cells, of numbers 0..1; None without observations.

    The order of the observations does not matter.
    """
    if not observations:
        return None
    sums, counts, strata = table_of(observations)
    weights = np.full(counts.shape[1], 1 / counts.shape[1])
    return weighted_means(sums[None], counts, weights, strata, level)[0]


def pooled_mean(observations: Sequence[Observation], level: float = LEVEL) -> Estimate | None:
    """Mean of all observations, each counting the same; scenarios vary within their stratum."""
    if not observations:
        return None
    sums, counts, strata = table_of([o._replace(cell=o.stratum) for o in observations])
    weights = counts.sum(axis=0) / counts.sum()
    return weighted_means(sums[None], counts, weights, strata, level)[0]


def table_of(observations: Sequence[Observation]) -> tuple[np.ndarray, np.ndarray, int]:
    """Sums and counts, cluster x cell, and the number of strata."""
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
    return sums, counts, len({stratum for stratum, _ in clusters})


class Spread(NamedTuple):
    """Means over cells and what each cluster contributes to their deviation, metric x cluster."""

    values: np.ndarray
    influence: np.ndarray
    variance: np.ndarray
    freedom: np.ndarray


def spread(sums: np.ndarray, counts: np.ndarray, weights: np.ndarray, strata: int) -> Spread:
    """Weighted means of cells, with the variance between clusters.

    `sums` has the shape metric x cluster x cell, `counts` cluster x cell (no empty row or column),
    `weights` one number a cell, of sum 1. Within a cell of m clusters deviations are taken about
    its own mean and scaled by sqrt(m / (m - 1)); in a cell of one, about the mean of all.
    """
    sizes, present = counts.sum(axis=0), (counts > 0).sum(axis=0)
    means = sums.sum(axis=1) / sizes
    values = means @ weights
    alone = present < 2
    centres = np.where(alone, values[:, None], means)
    scale = weights / sizes * np.sqrt(present / np.where(alone, 1, present - 1))
    influence = sums @ scale - (counts @ (centres * scale).T).T
    squares = influence**2
    variance = squares.sum(axis=1)
    variance = np.where(variance < SAME, 0.0, variance)
    clusters, most = len(counts), max(1, len(counts) - strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        kurtosis = clusters * (squares**2).sum(axis=1) / variance**2
        freedom = np.clip(2 * clusters / np.maximum(kurtosis - 1, SAME), 1, most)
    return Spread(values, influence, variance, np.where(variance > 0, freedom, most))


def weighted_means(
    sums: np.ndarray, counts: np.ndarray, weights: np.ndarray, strata: int, level: float = LEVEL
) -> list[Estimate]:
    """One estimate a metric; arguments as of `spread`, values 0..1."""
    found = spread(sums, counts, weights, strata)
    sizes, clusters = counts.sum(axis=0), len(counts)
    # Clustering never makes items worth more than independent ones of these weights (Kish).
    most = 1 / float((weights**2 / sizes).sum())
    thin = int((sizes < LEAST_IN_A_CELL).sum())
    why = f"fewer than {LEAST_CLUSTERS} scenarios" if clusters < LEAST_CLUSTERS else ""
    made = []
    numbers = zip(*(array.tolist() for array in (*found[:1], *found[2:])), strict=True)
    for value, variance, freedom in numbers:
        value = min(1.0, max(0.0, value))
        effective = min(most, value * (1 - value) / variance if variance else clusters)
        low, high = (
            (None, None)
            if why
            else score_interval(value * effective, effective, t_quantile(freedom, level))
        )
        made.append(
            Estimate(value, low, high, counts.shape[1], clusters, effective, freedom, thin, why)
        )
    return made
