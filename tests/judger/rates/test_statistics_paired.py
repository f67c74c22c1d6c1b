"""Paired differences, McNemar and Holm against closed forms and statsmodels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as theirs

from judger.rates.paired import Pair, holm, mcnemar, paired


def pairs(first_only=0, second_only=0, both=0, neither=0, lost=0):
    """Pairs of one cell, each its own scenario."""
    scores = [(1.0, 0.0)] * first_only + [(0.0, 1.0)] * second_only + [(1.0, 1.0)] * both
    scores += [(0.0, 0.0)] * neither + [(1.0, None)] * lost
    return [Pair("c", f"s{i}", "c t", *score) for i, score in enumerate(scores)]


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_statsmodels_exact_test(b, c) -> None:
    expected = theirs([[5, b], [c, 5]], exact=True).pvalue if b + c else 1.0
    assert mcnemar(b, c) == pytest.approx(min(1.0, expected))


@pytest.mark.parametrize(
    ("ps", "expected"),
    [
        ([], []),
        ([0.03], [0.03]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([None, 0.01, None, 0.02], [None, 0.02, None, 0.02]),
    ],
)
def test_holm_is_the_closed_form(ps, expected) -> None:
    assert holm(ps) == pytest.approx(expected)


def test_a_difference_with_everything_it_needs() -> None:
    made = paired(pairs(first_only=12, second_only=2, both=20, neither=6, lost=3))
    assert (made.n, made.unpaired, made.only_first, made.only_second) == (40, 3, 12, 2)
    assert (made.first, made.second) == pytest.approx((32 / 40, 22 / 40))
    assert made.difference == pytest.approx(-10 / 40)
    assert made.low < -0.25 < made.high < 0
    assert made.p == pytest.approx(mcnemar(12, 2))
    assert made.clear


def test_the_other_way_round_is_the_same_with_the_sign_turned() -> None:
    one = paired(pairs(first_only=9, second_only=4, both=10, neither=17))
    other = paired(pairs(first_only=4, second_only=9, both=10, neither=17))
    assert one.difference == pytest.approx(-other.difference)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=0.03)
    assert one.p == pytest.approx(other.p)


def test_without_pairs_there_is_no_number() -> None:
    made = paired(pairs(lost=4))
    assert (made.n, made.unpaired) == (0, 4)
    assert made.difference is made.low is made.high is made.p is None
    assert not made.clear


def test_identical_runs_do_not_prove_equality() -> None:
    made = paired(pairs(both=20, neither=20))
    assert made.difference == 0.0
    assert made.low < 0 < made.high


def test_mcnemar_is_not_asked_of_dependent_pairs_or_of_means() -> None:
    twice = [Pair("c", "one scenario", f"c t{i}", 1.0, 0.0) for i in range(4)]
    means = [Pair("c", f"s{i}", "c t", 0.5, 1.0) for i in range(4)]
    assert paired(twice).p is None
    assert paired(means).p is None
    assert paired(means).difference == pytest.approx(0.5)


def test_cells_count_the_same() -> None:
    many = [Pair("c", f"s{i}", "c big", 1.0, 0.0) for i in range(9)]
    few = [Pair("c", "s0", "c small", 0.0, 0.0)]
    assert paired(many + few).difference == pytest.approx(-0.5)
