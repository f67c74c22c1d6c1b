"""From these models to their families: the variance between the models of a group.

A contrast of families is a claim about models that were not run. So where every cell of a row has
at least three models a side, the spread between models is added to that between scenarios.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from judger.contract.record import Record
from judger.rates.intervals import spread
from judger.rates.metrics import score
from judger.rates.paired import Paired, widened
from judger.rates.statistics import cell_of, eligible
from leaderboard.published.paper_results import Family

#: Fewer models say nothing of how models of a family differ.
LEAST_MODELS = 3
FAMILIES, THESE = "families", "these models"


@dataclass(frozen=True)
class Member:
    """One run with the family that was declared for it."""

    family: Family
    name: str
    records: Sequence[Record]


class Generalised(NamedTuple):
    """A difference, and what it holds for: the families, or these models alone."""

    paired: Paired
    reach: str


#: Cell -> the mean of each model that has verdicts in it, by the model's number.
CellMeans = Mapping[str, Mapping[int, float]]


def cell_means(metric: str, members: Sequence[Member], items: Collection[str]) -> CellMeans:
    """The mean of each model in each cell, over these items."""
    found: dict[str, dict[int, list[float]]] = {}
    for number, member in enumerate(members):
        for record in eligible(metric, member.records):
            if record.item_id in items and (value := score(metric, record)) is not None:
                found.setdefault(cell_of(record), {}).setdefault(number, []).append(value)
    return {
        cell: {number: sum(values) / len(values) for number, values in models.items()}
        for cell, models in found.items()
    }


def generalised(made: Paired, sides: Sequence[CellMeans], row: str = "") -> Generalised:
    """The difference over the cells of a row (a category, a task type, "" for all), for the
    families where there are models enough."""
    tables = [{c: m for c, m in side.items() if not row or row in c.split()} for side in sides]
    if not all(
        table and all(len(models) >= LEAST_MODELS for models in table.values()) for table in tables
    ):
        return Generalised(made, THESE)
    variances, freedoms = zip(*map(_between, tables), strict=True)
    total = sum(variances)
    known = (
        total**2 / sum(v**2 / f for v, f in zip(variances, freedoms, strict=True) if v)
        if (total)
        else 1.0
    )
    return Generalised(widened(made, total, known), FAMILIES)


def _between(table: CellMeans) -> tuple[float, float]:
    """(variance of a group's mean over its models, degrees of freedom)."""
    models = sorted({number for means in table.values() for number in means})
    sums, counts = np.zeros((2, len(models), len(table)))
    for column, means in enumerate(table.values()):
        for number, value in means.items():
            sums[models.index(number), column] = value
            counts[models.index(number), column] = 1
    weights = np.full(len(table), 1 / len(table))
    found = spread(sums[None], counts, weights, strata=1)
    return float(found.variance[0]), float(found.freedom[0])
