"""From these models to their families: when a difference is said of families, and how wide."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from judger.rates.intervals import spread
from judger.rates.paired import Pair, Paired, paired
from leaderboard.compare.over_models import (
    FAMILIES,
    THESE,
    CellMeans,
    Member,
    cell_means,
    generalised,
)
from tests.leaderboard.made import record

GENERATION, UNDERSTANDING = "privacy_leak text_generation", "privacy_leak text_understanding"
MADE: Paired = paired(
    [
        Pair("privacy_leak", f"s{n}", cell, float(n % 3 > 0), float(n % 4 > 0))
        for n in range(24)
        for cell in (GENERATION, UNDERSTANDING)
    ]
)


def side(*models: tuple[float, ...]) -> CellMeans:
    """Models → the mean of each in both cells."""
    cells = (GENERATION, UNDERSTANDING)
    return {c: {n: model[i] for n, model in enumerate(models)} for i, c in enumerate(cells)}


FIRST = side((0.9, 0.7), (0.8, 0.8), (0.4, 0.9))
SECOND = side((0.5, 0.5), (0.6, 0.7), (0.9, 0.2), (0.3, 0.3))


def between(models: CellMeans) -> float:
    """The variance of the mean over models: that of the models' own means, over their number."""
    means = np.mean([[cell[n] for n in sorted(cell)] for cell in models.values()], axis=0)
    return float(np.var(means, ddof=1) / len(means))


def freedom(models: CellMeans) -> float:
    """How well that variance is known, as `rates.intervals` has it."""
    sums = np.array([[cell[n] for cell in models.values()] for n in range(len(models[GENERATION]))])
    found = spread(sums[None], np.ones_like(sums), np.full(2, 0.5), strata=1)
    return float(found.freedom[0])


def test_the_spread_between_models_is_added_to_that_between_scenarios() -> None:
    found = generalised(MADE, [FIRST, SECOND])
    assert found.reach == FAMILIES
    wanted = sqrt(MADE.error**2 + between(FIRST) + between(SECOND))
    assert found.paired.error == pytest.approx(wanted)
    assert found.paired.difference == MADE.difference
    assert found.paired.high - found.paired.low > MADE.high - MADE.low  # type: ignore[operator]
    parts = [(MADE.error**2, MADE.freedom), *((between(m), freedom(m)) for m in (FIRST, SECOND))]
    welch = sum(v for v, _ in parts) ** 2 / sum(v**2 / f for v, f in parts)
    assert found.paired.freedom == pytest.approx(welch)
    assert MADE.p is not None and found.paired.p is not None and found.paired.p > MADE.p


def test_a_row_is_over_its_own_cells() -> None:
    found = generalised(MADE, [FIRST, SECOND], "text_generation")
    one = [{GENERATION: models[GENERATION]} for models in (FIRST, SECOND)]
    wanted = sqrt(MADE.error**2 + sum(map(between, one)))
    assert found.paired.error == pytest.approx(wanted)
    assert generalised(MADE, [FIRST, SECOND], "privacy_leak") == generalised(MADE, [FIRST, SECOND])


@pytest.mark.parametrize(
    ("sides", "row"),
    [
        ([FIRST, side((0.5, 0.5), (0.6, 0.6))], ""),
        ([{}, SECOND], ""),
        ([FIRST, SECOND], "image_to_text"),
        ([FIRST, {**SECOND, GENERATION: {0: 0.5, 1: 0.6}}], ""),
    ],
)
def test_where_models_are_few_it_is_said_of_these_alone(sides: list[CellMeans], row: str) -> None:
    assert generalised(MADE, sides, row) == (MADE, THESE)


def test_models_that_are_all_alike_add_nothing() -> None:
    alike = side((0.5, 0.5), (0.5, 0.5), (0.5, 0.5))
    assert generalised(MADE, [alike, alike]) == (MADE, FAMILIES)


def test_the_means_of_each_model_are_over_the_items_that_count() -> None:
    def model(letters: str) -> Member:
        made = [record("privacy_leak", n, "text_generation", x) for n, x in enumerate(letters)]
        return Member("llm", letters, made)

    items = {record("privacy_leak", n, "text_generation").item_id for n in range(3)}
    found = cell_means("both_safe", [model("ssuu"), model("?su"), model("???")], items)
    assert found == {GENERATION: {0: pytest.approx(2 / 3), 1: 0.5}}
