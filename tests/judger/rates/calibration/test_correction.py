"""The interval of a corrected share, and the test whether a judge errs alike everywhere."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from judger.rates.calibration.alike import known, p_alike
from judger.rates.calibration.correction import (
    Corrected,
    Errors,
    combined,
    corrected,
    mean_correlation,
)

GOOD = Errors(tp=117, fn=13, fp=15, tn=275)


def test_the_interval_is_lang_and_reiczigels_by_hand() -> None:
    # Worked out from the paper's formulas for 60 of 600, Se 117/130, Sp 275/290.
    z = 1.959963984540054
    n, s, c = 600 + z * z, 118 / 132, 276 / 292
    p = (60 + z * z / 2) / n
    j = s + c - 1
    middle = (p + c - 1) / j
    ds, dc = s * (1 - s) / 132, c * (1 - c) / 292
    shift = 2 * z * z * (middle * ds - (1 - middle) * dc)
    half = z * sqrt(p * (1 - p) / n + middle**2 * ds + (1 - middle) ** 2 * dc) / j
    found = corrected(0.1, 600, GOOD)
    assert found is not None
    assert found.value == pytest.approx((0.1 - 15 / 290) / (0.9 - 15 / 290))
    assert (found.low, found.high) == pytest.approx((middle + shift - half, middle + shift + half))


def test_fewer_degrees_of_freedom_widen_it() -> None:
    few, many = corrected(0.1, 600, GOOD, freedom=4), corrected(0.1, 600, GOOD)
    assert few is not None and many is not None
    assert few.high - few.low > 1.3 * (many.high - many.low)


def test_a_judge_that_other_labels_could_show_blind_says_nothing() -> None:
    found = corrected(0.5, 1000, Errors(tp=6, fn=4, fp=5, tn=5))
    assert found is not None and (found.low, found.high) == (-inf, inf)
    assert found.cut()[1:] == (0.0, 1.0)


def test_strata_are_combined_by_their_weights() -> None:
    parts = [Corrected(0.2, 0.1, 0.3), Corrected(0.4, 0.3, 0.6)]
    apart, together = combined(parts, [0.5, 0.5]), combined(parts, [0.5, 0.5], 1.0)
    assert apart.value == pytest.approx(0.3)
    assert apart.low == pytest.approx(0.3 - sqrt(0.05**2 + 0.05**2))
    assert apart.high == pytest.approx(0.3 + sqrt(0.05**2 + 0.1**2))
    assert (together.low, together.high) == pytest.approx((0.2, 0.45))
    blind = combined([parts[0], Corrected(0.4, -inf, inf)], [0.5, 0.5])
    assert blind.cut()[1:] == (0.0, 1.0)


@pytest.mark.parametrize(
    ("variance", "expected"), [(0.5, 0.0), (1.0, 1.0), (0.75, 0.5), (2.0, 1.0), (0.1, 0.0)]
)
def test_the_mean_correlation_follows_from_the_variance(variance: float, expected: float) -> None:
    assert mean_correlation(variance, [1.0, 1.0], [0.5, 0.5]) == pytest.approx(expected)


def strata(sensitivities: list[float], specificities: list[float], n: int = 40) -> list[Errors]:
    return [
        Errors(tp=round(n * s), fn=n - round(n * s), tn=round(n * c), fp=n - round(n * c))
        for s, c in zip(sensitivities, specificities, strict=True)
    ]


@pytest.mark.parametrize(
    ("made", "differ"),
    [
        (strata([0.9] * 6, [0.95] * 6), False),
        (strata([0.95] * 4 + [0.6] * 2, [0.95] * 6), True),
        (strata([0.9] * 6, [1.0] * 5 + [0.8]), True),
        (strata([1.0] * 6, [1.0] * 6), False),
        (strata([0.9], [0.9]), False),
        ([], False),
        ([Errors(tp=3), Errors(tn=3)], False),
    ],
)
def test_errors_are_alike_or_not(made: list[Errors], differ: bool) -> None:
    assert (p_alike(made) < 0.01) is differ
    assert p_alike(made) == p_alike(made)


def test_the_permutation_test_is_near_chi_square_where_counts_are_large() -> None:
    made = strata([0.85, 0.9, 0.88, 0.92, 0.8, 0.9], [0.9] * 6, n=200)
    theirs = chi2_contingency([[e.tp, e.fn] for e in made]).pvalue
    assert p_alike(made) == pytest.approx(2 * theirs, abs=0.02)


def test_judges_that_err_alike_are_seldom_called_different() -> None:
    rng = np.random.default_rng(0)
    called = 0
    for _ in range(100):
        hits, passes = rng.binomial(22, 0.9, 6), rng.binomial(48, 0.95, 6)
        made = [
            Errors(tp=int(h), fn=22 - int(h), tn=int(p), fp=48 - int(p))
            for h, p in zip(hits, passes, strict=True)
        ]
        called += p_alike(made) < 0.10
    assert called <= 16


def test_a_stratum_is_known_by_labels_of_both_sides() -> None:
    assert known(strata([0.9] * 2, [0.9] * 2))
    assert not known([*strata([0.9], [0.9]), Errors(tp=4, fp=1, tn=20)])
    assert not known([*strata([0.9], [0.9]), Errors(tp=5, fn=5, fp=10, tn=10)])
    assert not known([])
