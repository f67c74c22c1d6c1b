"""What enters a corrected figure: n, quantile, errors; and the bounds of a calibration file."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from judger.contract.settings import SettingsError
from judger.rates.agreement import agreement
from judger.rates.calibration import Errors, load
from judger.rates.calibration.alike import p_alike
from judger.rates.calibration.correction import corrected, mean_correlation
from judger.rates.calibration.flips import Flips
from judger.rates.intervals import t_quantile
from judger.rates.statistics import Mean, rate
from tests.calibrations import fit, written
from tests.judger.rates.calibration.test_calibration import JUDGE, WORDING, calibration

GOOD = Errors(tp=117, fn=13, fp=15, tn=275)
MEAN = Mean(0.3, 0.25, 0.35, 4, 0, n=400, clusters=40, effective=150.0, freedom=4.0)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(inf, 1.959964), (4.0, 2.776445), (1.0, 12.706205)]
)
def test_the_quantile_is_the_two_sided_one_of_student(freedom: float, quantile: float) -> None:
    assert t_quantile(freedom) == pytest.approx(quantile, abs=1e-6)
    assert t_quantile(freedom, 0.9) < quantile < t_quantile(freedom, 0.99)


@pytest.mark.parametrize(
    ("apparent", "effective", "freedom"),
    [
        (MEAN, 150.0, 4.0),
        (replace(MEAN, freedom=0.0), 150.0, inf),
        (replace(MEAN, effective=0.0), 400.0, 4.0),
        (rate(30, 100), 100.0, inf),
    ],
)
def test_a_figure_is_corrected_with_its_own_n_and_degrees_of_freedom(
    apparent: Mean, effective: float, freedom: float
) -> None:
    found = calibration(both_safe=GOOD).corrected("both_safe", apparent)
    wanted = corrected(0.3, effective, GOOD, freedom)
    assert found is not None and wanted is not None
    assert (found.value, found.low, found.high) == pytest.approx(wanted.cut())


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        (Errors(tp=9, fn=1, fp=1, tn=9), True),
        (Errors(tp=0, fn=0, fp=1, tn=9), False),
        (Errors(tp=9, fn=1, fp=0, tn=0), False),
        (Errors(tp=5, fn=5, fp=5, tn=5), False),
        (Errors(tp=1, fn=9, fp=9, tn=1), False),
    ],
)
def test_a_judge_tells_something_only_by_labels_of_both_sides(errors: Errors, told: bool) -> None:
    assert errors.informative is told
    assert (errors.positive, errors.negative) == (errors.tp + errors.fn, errors.fp + errors.tn)


def test_labels_without_a_verdict_are_counted_where_there_are_any() -> None:
    pairs = [("unsafe", "unsafe"), ("safe", "unsafe")]
    assert agreement("intrinsic", pairs).unscored == 0
    assert agreement("intrinsic", pairs, 3).unscored == 3


def test_parts_that_cannot_be_mixed_are_not_correlated() -> None:
    assert mean_correlation(1.0, [1.0], [1.0]) == 0.0
    assert mean_correlation(5.0, [0.0, 0.0], [0.5, 0.5]) == 0.0


def test_the_smallest_p_is_one_in_ten_thousand_twice() -> None:
    apart = [Errors(tp=40), Errors(tp=40), Errors(fn=40), Errors(fn=40)]
    assert p_alike(apart) == pytest.approx(2 / 10_000)


@pytest.mark.parametrize(
    ("n", "flips", "unstable"), [(0, 0, False), (20, 1, False), (100, 6, True), (1, 1, True)]
)
def test_when_a_judge_flips_too_often(n: int, flips: int, unstable: bool) -> None:
    assert Flips(n=n, flips=flips).unstable is unstable


def test_a_rate_is_below_the_noise_up_to_its_upper_end() -> None:
    found = calibration(both_safe=GOOD, blind=Errors(tp=5))
    noise = GOOD.noise.high
    assert noise is not None
    apparent = rate(1, 100)
    assert found.below_noise("both_safe", replace(apparent, value=noise))
    assert not found.below_noise("both_safe", replace(apparent, value=noise + 1e-9))
    assert not found.below_noise("both_safe", replace(apparent, value=None))
    assert not found.below_noise("blind", apparent)
    assert not found.below_noise("unknown", apparent)


def test_a_file_is_read_up_to_four_mebibytes(tmp_path: Path) -> None:
    made, path = written(fit(JUDGE, WORDING)).strip(), tmp_path / "calibration.json"
    most = 4 * 1024 * 1024
    path.write_bytes(made.rjust(most))
    assert load(path).labels
    path.write_bytes(made.rjust(most + 1))
    with pytest.raises(SettingsError, match="is no calibration file"):
        load(path)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (b'{"format": 1}', "not of format 2: measured by an earlier version"),
        (b"{}", "Field required"),
        (b"[]", "is no calibration file"),
    ],
)
def test_an_earlier_format_is_told_from_no_format(made: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_bytes(made)
    with pytest.raises(SettingsError, match=says) as said:
        load(tmp_path / "c.json")
    assert ("earlier version" in str(said.value)) is ("earlier" in says)
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "gone.json")
