"""The means of `judger.rates.statistics.macro_mean` for many scopes and metrics of one row at once.

A board of a thousand rows needs twenty means a row. All of them are means over cells of the same
items, so the draws of scenarios are made once per shape of data and kept; and a cell holds clusters
of one stratum only, so each stratum is multiplied out by itself. Counts are whole numbers far below
2^24, which single precision holds exactly. A test holds the numbers to `macro_mean`'s.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from judger.rates.bootstrap import weights
from judger.rates.wilson import LEVEL, wilson

Array = np.ndarray
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


class Interval(NamedTuple):
    """A mean over cells and its 95 % interval; fractions."""

    value: float
    low: float
    high: float


@functools.lru_cache(maxsize=32)
def _draws(sizes: tuple[int, ...]) -> list[Array]:
    """For each stratum how often each of its clusters is drawn, cluster x draw.

    Rows with everything scored share two shapes; a row with silent scenarios has its own.
    """
    parts = np.split(weights(sizes).T.astype(np.float32), np.cumsum(sizes)[:-1])
    return [np.ascontiguousarray(part) for part in parts]


def intervals(
    sums: Array, counts: Array, strata: Array, scopes: Mapping[str, Sequence[int]]
) -> dict[str, list[Interval | None]]:
    """Scope -> one interval a metric (None where nothing was scored).

    `sums` has the shape metric x cluster x cell, `counts` cluster x cell (all metrics count the
    same items), `strata` numbers each cluster's stratum (ascending), `scopes` lists columns. A cell
    holds clusters of one stratum.
    """
    made: dict[str, list[Interval | None]] = {}
    alike: dict[bytes, dict[str, list[int]]] = {}
    any_scored = np.asarray(counts.any(axis=0))
    for name, columns in scopes.items():
        scored = [c for c in columns if any_scored[c]]
        if scored:  # only scopes of the same clusters can share their draws
            clusters = counts[:, scored].any(axis=1)
            alike.setdefault(clusters.tobytes(), {})[name] = scored
        else:
            made[name] = [None] * len(sums)
    for key, group in alike.items():
        rows = np.frombuffer(key, dtype=bool)
        made |= _together(sums[:, rows], counts[rows], strata[rows], group)
    return made


def _together(
    sums: Array, counts: Array, strata: Array, scopes: Mapping[str, Sequence[int]]
) -> dict[str, list[Interval | None]]:
    """Scopes that hold the same clusters: one set of draws for all."""
    member = np.zeros((counts.shape[1], len(scopes)), dtype=np.float32)
    for index, columns in enumerate(scopes.values()):
        member[list(columns), index] = 1
    tables = np.concatenate([counts[None], sums]).swapaxes(1, 2).astype(np.float32)
    sizes = tuple(int(size) for size in np.bincount(strata) if size)
    shape = len(scopes), len(_draws(sizes)[0][0])
    holds, last = np.zeros(shape, dtype=np.float32), 0
    totals = np.zeros((len(sums), *shape), dtype=np.float32)
    for drawn in _draws(sizes):
        first, last = last, last + len(drawn)
        cells = np.flatnonzero(counts[first:last].any(axis=0))
        mine = tables[:, cells, first:last].reshape(-1, len(drawn))
        size, parts = np.split((mine @ drawn).reshape(len(tables), len(cells), -1), [1])
        met = size > 0  # a cell that a draw missed leaves that draw's mean
        parts /= np.where(met, size, 1)
        holds += member[cells].T @ met[0].astype(np.float32)
        totals += member[cells].T @ parts
    lows, highs = _tails(totals / holds)
    rates = sums.sum(axis=1) / np.maximum(counts.sum(axis=0), 1)
    values = rates @ member / member.sum(axis=0)
    made: dict[str, list[Interval | None]] = {}
    for index, name in enumerate(scopes):
        numbers = zip(values[:, index], lows[:, index], highs[:, index], strict=True)
        made[name] = [_interval(float(v), float(a), float(b), len(counts)) for v, a, b in numbers]
    return made


def _tails(means: Array) -> tuple[Array, Array]:
    """Both quantiles of the last axis, as np.quantile has them (it takes five times as long)."""
    ordered = np.sort(means)
    places = [tail * (means.shape[-1] - 1) for tail in TAILS]
    low, high = (
        ordered[..., int(at)] + (at % 1) * (ordered[..., int(at) + 1] - ordered[..., int(at)])
        for at in places
    )
    return low, high


def _interval(value: float, low: float, high: float, clusters: int) -> Interval:
    """As in `clustered_mean`: draws that all agree say nothing; Wilson's width for 0 of n does."""
    if high - low < 1e-12:
        _, width = wilson(0, clusters)
        low, high = max(0.0, value - width), min(1.0, value + width)
    return Interval(value, low, high)
