"""Means over cells: their value, interval, thin cells, and what unscored items could do."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from judger.rates.intervals import Observation, clustered_mean, t_quantile
from judger.rates.metrics import score
from judger.rates.statistics import (
    macro_mean,
    mean_of,
    rate,
)
from tests.judger.rates.records_of_rates import mixed, record, unsafe, width
from tests.known import known


def test_every_cell_counts_the_same_however_many_items_it_has() -> None:
    many = [unsafe(scenario=i) for i in range(9)]
    one = [record(1, "image_generation")]
    made = macro_mean("both_safe", many + one)
    assert made.value == pytest.approx(0.5)
    assert (made.cells, made.missing, made.n) == (2, 0, 10)


def test_a_cell_without_verdicts_is_missing_and_widens_the_bounds() -> None:
    lost = [record(i, "video_analysis", outcome="target_error") for i in range(3)]
    made = macro_mean("both_safe", [record(), *lost])
    assert (made.value, made.cells, made.missing) == (1.0, 1, 1)
    assert (made.smallest, made.largest, made.unscored) == (0.5, 1.0, 3)


@pytest.mark.parametrize(
    ("asked", "of", "cells", "missing", "bounds"),
    [
        (1, 0, 1, 0, (1.0, 1.0)),
        (1, 2, 1, 1, (0.5, 1.0)),
        (2, 8, 2, 6, (0.25, 1.0)),
        (0, 4, 0, 4, (0.0, 1.0)),
        (2, 1, 2, 0, (1.0, 1.0)),  # records of more cells than there should be
    ],
)
def test_a_cell_that_was_never_run_is_missing(
    asked: int, of: int, cells: int, missing: int, bounds: tuple[float, float]
) -> None:
    made = macro_mean("both_safe", [record(1, f"t{i}") for i in range(asked)], of=of)
    assert (made.cells, made.missing) == (cells, missing)
    assert (made.smallest, made.largest) == bounds


def test_same_records_same_interval_in_any_order() -> None:
    records = mixed()
    shuffled = random.Random(1).sample(records, len(records))
    assert macro_mean("both_safe", records) == macro_mean("both_safe", shuffled)


def test_seven_forms_of_a_scenario_are_not_seven_observations() -> None:
    seven = ("t1", "t2", "t3", "t4", "t5", "t6", "t7")
    one, all_forms = macro_mean("both_safe", mixed()), macro_mean("both_safe", mixed(types=seven))
    assert all_forms.n == 7 * one.n
    assert width(all_forms) == pytest.approx(width(one), rel=0.01)


def test_independent_scenarios_give_the_binomial_interval() -> None:
    made = macro_mean("both_safe", mixed(scenarios=400))
    one = rate(sum(known(score("both_safe", r)) == 1.0 for r in mixed(scenarios=400)), 400)
    assert (made.low, made.high) == pytest.approx((one.low, one.high), abs=0.002)
    assert made.effective == pytest.approx(400, rel=0.01)


def test_strata_take_the_difference_between_categories_out() -> None:
    # Each category agrees with itself; unstratified variance would come of their make-up.
    a = [record(i, category="privacy_leak") for i in range(20)]
    b = [unsafe(scenario=i, category="biased_opinion") for i in range(20)]
    seen = [
        Observation(r.category, r.scenario, r.category, known(score("both_safe", r))) for r in a + b
    ]
    made = known(clustered_mean(seen))
    assert (made.value, made.effective) == (0.5, 40)  # never more than the items there are


@pytest.mark.parametrize("n", [5, 12, 40])
def test_where_all_agree_the_interval_is_that_of_so_many_scenarios(n: int) -> None:
    types = ("t1", "t2", "t3")
    records = [record(i, t) for i, t in product(range(n), types)]
    made = macro_mean("both_safe", records)
    t = t_quantile(n - 1)
    assert (made.value, made.high) == (1.0, 1.0)
    assert made.low == pytest.approx(n / (n + t * t))
    assert known(made.low) < known(rate(n, n).low)


@pytest.mark.parametrize("n", [1, 4])
def test_a_handful_of_scenarios_gives_no_interval_and_says_so(n: int) -> None:
    made = macro_mean("both_safe", [record(i, t) for i in range(n) for t in ("t1", "t2")])
    assert made.value == 1.0 and made.low is made.high is None
    assert made.why_none == "fewer than 5 scenarios" and made.thin == 2


def test_thin_cells_are_counted_and_widen_the_interval() -> None:
    full = [(unsafe if i % 4 == 0 else record)(scenario=i, task_type="t1") for i in range(40)]
    more = [(unsafe if i % 4 == 0 else record)(scenario=i, task_type="t2") for i in range(40)]
    whole, thin = macro_mean("both_safe", full + more), macro_mean("both_safe", full + more[:2])
    assert (whole.thin, thin.thin) == (0, 1)
    assert width(thin) > 1.5 * width(whole)
    assert (rate(1, 4).thin, rate(1, 5).thin) == (1, 0)


@pytest.mark.parametrize(("unscored", "said"), [(0, False), (1, False), (8, True)])
def test_what_unscored_items_could_do_is_said_where_it_is_not_small(
    unscored: int, said: bool
) -> None:
    found = rate(40, 80, unscored)
    assert (found.possible_bias > 0) is said
    if said:
        assert found.possible_bias == pytest.approx(known(found.largest) - known(found.value))
    assert found.as_dict()["possible_bias"] == found.possible_bias


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng, hits = np.random.default_rng(3), 0
    for _ in range(400):
        scenario = rng.beta(0.3, 2.7, 50)  # each scenario has its own chance, shared by its forms
        values = rng.random((50, 3)) < scenario[:, None]
        seen = [Observation("s", str(i), str(j), float(v)) for (i, j), v in np.ndenumerate(values)]
        made = known(clustered_mean(seen))
        hits += known(made.low) <= 0.1 <= known(made.high)
    assert 0.93 <= hits / 400 <= 0.99  # benchmarks/coverage.py has the whole table


@pytest.mark.parametrize(("share", "said"), [(1 / 8 - 1e-9, False), (1 / 8 + 1e-9, True)])
def test_small_is_an_eighth_of_the_interval(share: float, said: bool) -> None:
    made = rate(50, 100)
    moved = share * width(made)
    for moved_one in (replace(made, largest=0.5 + moved), replace(made, smallest=0.5 - moved)):
        assert (moved_one.possible_bias > 0) is said


def test_half_scored_cells_bound_a_mean_exactly() -> None:
    cells = [rate(1, 2, 2), rate(0, 0, 4), rate(3, 4)]
    made = mean_of(cells, None, of=5)
    assert (made.cells, made.missing, made.n, made.unscored) == (2, 3, 6, 6)
    assert made.smallest == pytest.approx((1 / 4 + 0 + 3 / 4) / 5)
    assert made.largest == pytest.approx((3 / 4 + 1 + 3 / 4 + 2) / 5)
