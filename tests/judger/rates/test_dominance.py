"""Ranks by dominance: held to `rates.paired`, and by what must never happen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtri

from judger.rates.dominance import Axis, above, differences, ranks
from judger.rates.paired import Pair, paired

CATEGORIES, TYPES = 6, 7


def axis(
    rates: Any, seed: int = 0, scenarios: int = 40, gaps: float = 0.0, higher: bool = True
) -> Axis:
    """Rows of these rates on the same items; scenarios are hard or easy for all rows alike."""
    rng, shape = np.random.default_rng(seed), (CATEGORIES * scenarios, TYPES)
    rates = np.asarray(rates, dtype=float)
    common = rng.standard_normal((1, shape[0], 1))
    own = rng.standard_normal((len(rates), shape[0], 1))
    each = rng.standard_normal((len(rates), *shape))
    latent = np.sqrt(0.3) * common + np.sqrt(0.2) * own + np.sqrt(0.5) * each
    limits = ndtri(np.clip(rates, 0, 1))[:, None, None]
    values = (latent < limits).astype(float).reshape(len(rates), -1)
    values[rng.random(values.shape) < gaps] = np.nan
    category = np.repeat(np.arange(CATEGORIES), scenarios)
    return Axis(
        values,
        (category[:, None] * TYPES + np.arange(TYPES)).ravel(),
        np.repeat(np.arange(shape[0]), TYPES),
        category,
        higher,
    )


def pairs(made: Axis, row: int, column: int) -> list[Pair]:
    def known(value: float) -> float | None:
        return None if np.isnan(value) else float(value)

    lines = zip(made.cells, made.clusters, made.values[column], made.values[row], strict=True)
    return [Pair(str(made.strata[k]), str(k), str(c), known(a), known(b)) for c, k, a, b in lines]


@pytest.mark.parametrize(("gaps", "near"), [(0.0, 1e-9), (0.01, 0.05), (0.1, 0.3)])
def test_differences_are_those_of_paired(gaps: float, near: float) -> None:
    made = axis([0.8, 0.82, 0.9, 0.9], gaps=gaps)
    found = differences(made)
    for row in range(4):
        for column in set(range(4)) - {row}:
            wanted = paired(pairs(made, row, column))
            assert found.value[row, column] == pytest.approx(wanted.difference, abs=1e-6)
            assert found.p[row, column] == pytest.approx(wanted.p, rel=near, abs=near / 20)


def rejected(p: np.ndarray, alpha: float) -> np.ndarray:
    """Holm's procedure, step by step: which of the p, metric x row x row, each pair once."""
    upper = np.triu_indices(p.shape[-1], 1)
    ordered = sorted(p[:, upper[0], upper[1]].ravel())
    steps = (alpha / (len(ordered) - place) for place in range(len(ordered)))
    failed = [value for value, step in zip(ordered, steps, strict=True) if value >= step]
    return np.asarray(p < (failed[0] if failed else np.inf))


@pytest.mark.parametrize("scenarios", [3, 40, 200])
@pytest.mark.parametrize("rates", [(0.05, 0.99), (0.8, 0.9), (0.5, 0.5)])
@pytest.mark.parametrize("level", [0.99, 0.5])
def test_what_is_not_worked_out_decides_as_the_exact_p_does(
    scenarios: int, rates: tuple[float, float], level: float
) -> None:
    many = np.linspace(*rates, 30)
    axes = [axis(many, scenarios=scenarios), axis(many[::-1], seed=1, scenarios=30, gaps=0.01)]
    exact = [differences(one) for one in axes]
    sure = rejected(np.stack([one.p for one in exact]), 1 - level)
    better = np.any([s & (one.value > 0) for s, one in zip(sure, exact, strict=True)], axis=0)
    worse = np.any([one.worse for one in exact], axis=0)
    assert np.array_equal(above(axes, level), better & ~worse)


def test_rows_that_never_differ_within_are_told_apart_and_equal_ones_are_not() -> None:
    found = differences(axis([1.0, 0.0, 1.0]))
    assert found.value[0, 1] == 1.0 and found.p[0, 1] == 0.0
    assert found.value[0, 2] == 0.0 and found.p[0, 2] == 1.0


def placed(safe: Any, use: Any, seed: int = 0) -> list[int]:
    return ranks(above([axis(safe, seed), axis(use, seed + 1000, scenarios=20)]))


def test_better_on_both_or_on_one_stands_above() -> None:
    assert placed([0.95, 0.80, 0.95], [0.9, 0.9, 0.6]) == [1, 2, 2]


def test_a_gain_that_a_loss_pays_for_is_no_better() -> None:
    assert placed([0.99, 0.85], [0.3, 0.9]) == [1, 1]
    assert placed([1.0, 0.966], [0.0, 0.98]) == [1, 1]


def test_lower_can_be_better() -> None:
    safe = axis([0.9, 0.9])
    refuses = axis([0.05, 0.5], seed=5, scenarios=20, higher=False)
    assert ranks(above([safe, refuses])) == [1, 2]


@pytest.mark.parametrize("rate", [0.9, 0.97])
def test_ten_equal_rows_are_not_ordered(rate: float) -> None:
    boards = [placed([rate] * 10, [0.9] * 10, seed) for seed in range(20)]
    assert sum(max(board) > 1 for board in boards) <= 1


def test_four_points_between_two_rows_are_seen() -> None:
    boards = [placed([0.97, 0.93], [0.9, 0.9], seed) for seed in range(20)]
    assert sum(board == [1, 2] for board in boards) >= 17


def test_no_rows_have_no_ranks() -> None:
    none = axis([0.5])
    empty = Axis(none.values[:0], none.cells, none.clusters, none.strata, True)
    assert ranks(above([empty])) == [] and placed([0.5], [0.5]) == [1]
