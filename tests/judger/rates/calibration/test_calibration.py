"""Agreement with people, the correction of a rate, and the file that carries both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score, recall_score
from statsmodels.stats.proportion import proportion_confint

from judger.contract.outcomes import OFFERED, Axis
from judger.rates.agreement import agreement, kappa, share
from judger.rates.calibration import Calibration, Errors, who
from judger.rates.statistics import rate

JUDGE = {"backend": "openai", "model": "m", "mode": "strict", "calibrated": False, "refusal": True}


WORDING = {"contextual": "c" * 64, "intrinsic": "i" * 64}


def drawn(axis: Axis, n: int, seed: int) -> list[tuple[str, str]]:
    """Labels and verdicts that agree about two times in three."""
    rng = np.random.default_rng(seed)
    names = OFFERED[axis]
    truth = rng.choice(names, n)
    return [(t, t if rng.random() < 0.6 else rng.choice(names)) for t in truth]


@pytest.mark.parametrize("axis", ["contextual", "intrinsic"])
@pytest.mark.parametrize("seed", range(5))
def test_agreement_is_what_sklearn_says(axis: Axis, seed: int) -> None:
    pairs = drawn(axis, 200, seed)
    truth, said = zip(*pairs, strict=True)
    found = agreement(axis, pairs)
    assert found.accuracy.value == pytest.approx(accuracy_score(truth, said))
    assert found.kappa.value == pytest.approx(cohen_kappa_score(truth, said))
    unsafe = [t == "unsafe" for t in truth], [s == "unsafe" for s in said]
    assert found.sensitivity.value == pytest.approx(recall_score(*unsafe))
    assert found.specificity.value == pytest.approx(recall_score(*unsafe, pos_label=False))
    assert sum(sum(row.values()) for row in found.confusion.values()) == found.n == 200


def test_intervals_are_wilsons() -> None:
    low, high = proportion_confint(7, 20, method="wilson")
    assert share(7, 20).model_dump() == pytest.approx(
        {"n": 20, "value": 0.35, "low": low, "high": high}
    )


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ([[20, 5], [10, 15]], 0.4),  # the worked example of Cohen's statistic: (0.7-0.5)/(1-0.5)
        ([[10, 0], [0, 10]], 1.0),
        ([[0, 10], [10, 0]], -1.0),
        ([[5, 5], [5, 5]], 0.0),
        ([[10, 0], [5, 0]], None),  # a judge that says one thing
        ([[10, 5], [0, 0]], None),  # people who say one thing
        ([[0, 0], [0, 0]], None),
    ],
)
def test_kappa_in_closed_form(table: list[list[int]], value: float | None) -> None:
    found = kappa(np.array(table))
    assert found.value == (None if value is None else pytest.approx(value))
    if found.value is not None:
        assert found.low is not None and found.high is not None
        assert -1 <= found.low <= found.value <= found.high <= 1


def test_few_cases_that_all_agree_are_no_certainty() -> None:
    few, many = kappa(np.diag([2, 2])), kappa(np.diag([200, 200]))
    assert few.low is not None and many.low is not None
    assert few.low < 0.5 < 0.95 < many.low < 1.0


def calibration(**errors: Errors) -> Calibration:
    empty: dict[str, Any] = {"unscored": {}, "faults": {}, "agreement": {}}
    return Calibration(
        judge=who(JUDGE),
        template_sha256=WORDING,
        labels_sha256="",
        labels=0,
        errors=errors,
        **empty,
    )


@pytest.mark.parametrize(
    ("errors", "k", "n", "expected"),
    [
        # (apparent + specificity - 1) / (sensitivity + specificity - 1)
        (Errors(tp=80, fn=20, fp=10, tn=90), 24, 100, 0.2),  # (0.24 - 0.1) / 0.7
        (Errors(tp=80, fn=20, fp=10, tn=90), 45, 100, 0.5),
        (Errors(tp=80, fn=20, fp=10, tn=90), 5, 100, 0.0),  # below the false alarms: clipped
        (Errors(tp=80, fn=20, fp=10, tn=90), 85, 100, 1.0),  # above the sensitivity: clipped
        (Errors(tp=50, fn=0, fp=0, tn=50), 30, 100, 0.3),  # a perfect judge changes nothing
    ],
)
def test_rogan_gladen_in_closed_form(errors: Errors, k: int, n: int, expected: float) -> None:
    apparent = rate(k, n, unscored=10)
    found = calibration(both_safe=errors).corrected("both_safe", apparent)
    assert found is not None and found.value is not None
    assert found.value == pytest.approx(expected)
    assert found.low is not None and found.high is not None
    assert found.low <= found.value <= found.high
    assert (found.k, found.n, found.unscored) == (k, n, 10)


@pytest.mark.parametrize(
    "errors",
    [
        Errors(tp=50, fn=50, fp=50, tn=50),  # a coin
        Errors(tp=10, fn=90, fp=50, tn=50),  # worse than a coin
        Errors(tp=10, fn=2),  # specificity unknown
        Errors(fp=2, tn=10),  # sensitivity unknown
    ],
)
def test_a_judge_that_tells_nothing_corrects_nothing(errors: Errors) -> None:
    assert calibration(both_safe=errors).corrected("both_safe", rate(5, 10)) is None
    assert calibration().corrected("both_safe", rate(5, 10)) is None


def test_a_rate_over_any_that_known_errors_can_make_is_not_corrected() -> None:
    errors = Errors(tp=80, fn=20, fp=10, tn=90)  # finds 71 to 87 % of what is there
    assert calibration(both_safe=errors).corrected("both_safe", rate(95, 100)) is None


def test_nothing_scored_stays_nothing() -> None:
    errors = Errors(tp=80, fn=20, fp=10, tn=90)
    assert calibration(both_safe=errors).corrected("both_safe", rate(0, 0, unscored=3)) is None


def test_fewer_labels_give_a_wider_interval_and_more_items_do_not_mend_it() -> None:
    def width(labelled: int, items: int) -> float:
        errors = Errors(tp=8 * labelled, fn=2 * labelled, fp=labelled, tn=9 * labelled)
        apparent = rate(3 * items // 10, items)
        found = calibration(both_safe=errors).corrected("both_safe", apparent)
        assert found is not None and found.low is not None and found.high is not None
        return found.high - found.low

    assert width(2, 1000) > width(10, 1000) > width(100, 1000)
    assert width(10, 100_000) == pytest.approx(width(10, 1_000_000), rel=0.05)
    assert width(10, 1_000_000) > 0.05


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    truth, sensitivity, specificity, covered = 0.3, 0.85, 0.9, 0
    for _ in range(400):
        tp, tn = rng.binomial(120, sensitivity), rng.binomial(240, specificity)
        errors = Errors(tp=tp, fn=120 - tp, fp=240 - tn, tn=tn)
        apparent = truth * sensitivity + (1 - truth) * (1 - specificity)
        found = calibration(x=errors).corrected("x", rate(int(rng.binomial(400, apparent)), 400))
        assert found is not None and found.low is not None and found.high is not None
        covered += found.low <= truth <= found.high
    assert 0.92 <= covered / 400 <= 0.99


@pytest.mark.parametrize(
    ("k", "n", "flagged"), [(0, 100, True), (10, 100, True), (40, 100, False), (0, 0, False)]
)
def test_a_rate_below_the_noise_floor_is_flagged(k: int, n: int, flagged: bool) -> None:
    found = calibration(contextual_unsafe=Errors(tp=80, fn=20, fp=10, tn=90))
    assert found.below_noise("contextual_unsafe", rate(k, n)) is flagged
    assert found.below_noise("never_measured", rate(k, n)) is False
