"""Paired differences and McNemar against closed forms and statsmodels; one test decides."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr, stdtrit
from statsmodels.stats.contingency_tables import mcnemar as theirs

from benchmarks.simulation.design import Design, compared
from benchmarks.simulation.differences import decided
from judger.rates.paired import Pair, mcnemar, paired, tango
from tests.known import known


def pairs(
    first_only: int = 0, second_only: int = 0, both: int = 0, neither: int = 0, lost: int = 0
) -> list[Pair]:
    """Pairs of one cell, each its own scenario."""
    scores: list[tuple[float, float | None]] = [(1.0, 0.0)] * first_only
    scores += [(0.0, 1.0)] * second_only + [(1.0, 1.0)] * both
    scores += [(0.0, 0.0)] * neither + [(1.0, None)] * lost
    return [Pair("c", f"s{i}", "c t", *score) for i, score in enumerate(scores)]


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_statsmodels_exact_test(b: int, c: int) -> None:
    expected = theirs([[5, b], [c, 5]], exact=True).pvalue if b + c else 1.0
    assert mcnemar(b, c) == pytest.approx(min(1.0, expected))


def test_a_difference_with_everything_it_needs() -> None:
    made = paired(pairs(first_only=12, second_only=2, both=20, neither=6, lost=3))
    assert (made.n, made.unpaired, made.only_first, made.only_second) == (40, 3, 12, 2)
    assert (made.first, made.second) == pytest.approx((32 / 40, 22 / 40))
    assert made.difference == pytest.approx(-10 / 40)
    assert known(made.low) < -0.25 < known(made.high) < 0
    assert made.p == pytest.approx(mcnemar(12, 2))
    assert made.clear


def test_the_other_way_round_is_the_same_with_the_sign_turned() -> None:
    one = paired(pairs(first_only=9, second_only=4, both=10, neither=17))
    other = paired(pairs(first_only=4, second_only=9, both=10, neither=17))
    assert one.difference == pytest.approx(-known(other.difference))
    assert (one.low, one.high) == pytest.approx((-known(other.high), -known(other.low)), abs=0.03)
    assert one.p == pytest.approx(other.p)


def test_without_pairs_there_is_no_number() -> None:
    made = paired(pairs(lost=4))
    assert (made.n, made.unpaired) == (0, 4)
    assert made.difference is made.low is made.high is made.p is None
    assert not made.clear


def test_identical_runs_do_not_prove_equality() -> None:
    made = paired(pairs(both=20, neither=20))
    assert made.difference == 0.0
    assert known(made.low) < 0 < known(made.high)


def score_statistic(b: int, c: int, n: int, delta: float) -> float:
    """Tango's statistic, its nuisance parameter found by a search instead of the closed form."""

    def likelihood(q: float) -> float:
        cells = (b, q + delta), (c, q), (n - b - c, 1 - 2 * q - delta)
        return sum(k * math.log(max(share, 1e-300)) for k, share in cells if k)

    low, high = max(0.0, -delta), (1 - delta) / 2
    q = max(np.linspace(low, high, 20001), key=likelihood)
    return (b - c - n * delta) / math.sqrt(n * (2 * q + delta - delta**2))


@pytest.mark.parametrize(("b", "c", "n"), [(12, 2, 40), (1, 1, 20), (9, 3, 32), (0, 6, 25)])
def test_tangos_interval_inverts_his_score(b: int, c: int, n: int) -> None:
    low, high = tango(b, c, n)
    assert score_statistic(b, c, n, low) == pytest.approx(1.96, abs=0.01)
    assert score_statistic(b, c, n, high) == pytest.approx(-1.96, abs=0.01)


@pytest.mark.parametrize("n", [5, 8, 20, 40, 100])
def test_no_interval_of_a_cell_contradicts_its_p(n: int) -> None:
    for b in range(n + 1):
        for c in range(n + 1 - b):
            made = paired(pairs(first_only=b, second_only=c, both=n - b - c))
            assert made.exact and made.clear == (known(made.p) < 0.05), (b, c, n)
            difference = known(made.difference)
            assert known(made.low) <= difference + 1e-9 and difference <= known(made.high) + 1e-9


@given(st.data())
def test_no_interval_over_cells_contradicts_its_p(data: st.DataObject) -> None:
    number = st.sampled_from([0.0, 1.0])
    made = [
        Pair(c, f"s{i}", f"{c} {t}", data.draw(number), data.draw(number))
        for c in ("a", "b")
        for i in range(data.draw(st.integers(3, 9)))
        for t in ("x", "y")
    ]
    for level in (0.95, 0.99, 0.5):
        found = paired(made, level)
        assert not found.exact and found.clear == (known(found.p) < 1 - level)


def test_many_forms_of_few_scenarios_say_no_more_than_the_scenarios() -> None:
    once = [Pair("c", f"s{i}", "c t0", float(i < 9), 0.0) for i in range(40)]
    twice, often = ([p._replace(cell=f"c t{t}") for p in once for t in range(n)] for n in (2, 7))
    assert paired(once).exact and not paired(twice).exact
    assert paired(often).p == pytest.approx(paired(twice).p)
    assert mcnemar(7 * 9, 0) < known(paired(often).p) / 1000


def test_too_few_scenarios_decide_nothing() -> None:
    twice = [Pair("c", "one scenario", f"c t{i}", 1.0, 0.0) for i in range(4)]
    made = paired(twice)
    assert made.p is made.low is None and made.difference == -1.0
    assert made.why_none == "fewer than 5 shared scenarios" and made.at(0.99) == made


def test_means_of_models_are_decided_by_students_t() -> None:
    means = [Pair("c", f"s{i}", "c t", 0.5, 0.5 + (i % 3) / 4) for i in range(30)]
    made = paired(means)
    values = np.array([(i % 3) / 4 for i in range(30)])
    assert not made.exact
    assert made.difference == pytest.approx(values.mean())
    assert made.error == pytest.approx(values.std(ddof=1) / math.sqrt(30))


def test_cells_count_the_same() -> None:
    many = [Pair("c", f"s{i}", "c big", 1.0, 0.0) for i in range(9)]
    few = [Pair("c", "s0", "c small", 0.0, 0.0)]
    assert paired(many + few).difference == pytest.approx(-0.5)


@pytest.mark.parametrize(("up", "down"), [(12, 0), (9, 2), (3, 3)])
def test_an_interval_reaches_as_far_as_that_many_pairs_could_differ(up: int, down: int) -> None:
    """Its far end solves Wilson's equation, its near end and its p are those of the t test."""
    made = paired(
        [
            Pair("c", f"s{i}", f"c t{t}", *((0.0, 1.0) if i < up else (1.0, 0.0) if i < up + down
             else (1.0, 1.0)))
            for i in range(40)
            for t in range(2)
        ]
    )  # fmt: skip
    d, t = known(made.difference), stdtrit(made.freedom, 0.975)
    assert made.square == 1.0 and made.effective == 40  # both forms of a scenario say the same
    assert made.low == pytest.approx(d - t * made.error) or d == 0
    high = known(made.high)
    score = t * math.sqrt((high - high**2) / made.effective)
    assert made.high == pytest.approx(max(d + score, d + t * made.error))
    assert made.p == pytest.approx(2 * stdtr(made.freedom, -d / made.error))


def test_the_benchmark_decides_as_paired_does() -> None:
    rng, design = np.random.default_rng(3), Design(2, 9, 3)
    seen = compared(rng, 3, [0.7, 0.9], design)
    for run, found in zip(seen, decided(seen[:, 1] - seen[:, 0], design), strict=True):
        wanted = paired(
            [
                Pair(str(c), f"{c} {s}", f"{c} {t}", *run[:, c * 9 + s, t].tolist())
                for c in range(2)
                for s in range(9)
                for t in range(3)
            ]
        )
        for field in ("difference", "low", "high", "p", "effective", "square", "freedom"):
            assert getattr(found, field) == pytest.approx(getattr(wanted, field)), field
