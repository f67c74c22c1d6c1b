"""The figures of `judger.rates.statistics` for many scopes and metrics of one row at once.

A board of a thousand rows needs twenty means a row. All of them are means over cells of the same
items, so they are worked out from one table of sums and counts, scenario x cell. A test holds the
numbers to `macro_mean`'s and `pooled`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from judger.rates.intervals import Estimate, weighted_means

Array = np.ndarray


def means(
    sums: Array, counts: Array, strata: Array, scopes: Mapping[str, Sequence[int]]
) -> dict[str, list[Estimate | None]]:
    """Scope -> one estimate a metric of the mean over its cells (None where nothing was scored).

    `sums` has the shape metric x cluster x cell, `counts` cluster x cell (all metrics count the
    same items), `strata` numbers each cluster's stratum, `scopes` lists columns.
    """
    made: dict[str, list[Estimate | None]] = {}
    # Two thirds of the scenarios are of another kind of item: each scope would copy them all.
    mine = counts.any(axis=1)
    sums, counts, strata = sums[:, mine], counts[mine], strata[mine]
    sizes = counts.sum(axis=0)
    for name, columns in scopes.items():
        cells = [column for column in columns if sizes[column]]
        if not cells:
            made[name] = [None] * len(sums)
            continue
        mine = counts[:, cells]
        rows = mine.any(axis=1)
        weights = np.full(len(cells), 1 / len(cells))
        own = np.unique(strata[rows]).size
        made[name] = [*weighted_means(sums[:, rows][:, :, cells], mine[rows], weights, own)]
    return made


def pools(sums: Array, counts: Array, strata: Array) -> list[Estimate] | None:
    """One estimate a metric in which every item counts the same; None where nothing was scored.

    `sums` has the shape metric x cluster, `counts` one number a cluster.
    """
    rows = counts > 0
    if not rows.any():
        return None
    own, column = np.unique(strata[rows], return_inverse=True)
    place = np.arange(int(rows.sum()))
    spread_counts = np.zeros((len(place), len(own)))
    spread_counts[place, column] = counts[rows]
    spread_sums = np.zeros((len(sums), *spread_counts.shape))
    spread_sums[:, place, column] = sums[:, rows]
    weights = spread_counts.sum(axis=0) / spread_counts.sum()
    return weighted_means(spread_sums, spread_counts, weights, len(own))
