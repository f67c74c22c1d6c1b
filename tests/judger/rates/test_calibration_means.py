"""The correction of a macro mean: no more certain than the scenarios behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.bootstrap import Observation, clustered_mean, replicates
from judger.rates.calibration import Errors
from judger.rates.statistics import macro_mean, observations, rate
from leaderboard.report.summary import summarise
from leaderboard.runs.calibrated import corrected_means
from leaderboard.runs.read import Run
from leaderboard.runs.read import Sample as RunSample
from tests.judger.items import record
from tests.judger.rates.test_calibration import calibration

PERFECT = Errors(tp=10**7, fn=0, fp=0, tn=10**7)
WELL_KNOWN = Errors(tp=9 * 10**6, fn=10**6, fp=10**6, tn=9 * 10**6)
FEW_LABELS = Errors(tp=18, fn=2, fp=2, tn=18)


def agreeing(share: float, per_category: int = 40) -> list[Any]:
    """240 scenarios, of each the seven forms judged alike; `share` of them unsafe."""
    return [
        record(
            item_id=f"{category}-{i}.{task_type}",
            scenario=f"{category}-{i}",
            category=category,
            task_type=task_type,
            contextual="unsafe" if i < share * per_category else "safe",
        )
        for category in CATEGORIES
        for i in range(per_category)
        for task_type in TASK_TYPES
    ]


def both(records: list[Any], errors: Errors) -> tuple[Any, Any]:
    """A macro mean as judged and as corrected."""
    metric = "contextual_unsafe"
    raw = macro_mean(metric, records)
    found = calibration(**{metric: errors})
    return raw, corrected_means(found, records, {metric: raw}).get(metric)


def width(mean: Any) -> float:
    return float(mean.high - mean.low)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_a_perfect_judge_that_is_well_known_changes_nothing(share: float) -> None:
    raw, corrected = both(agreeing(share), PERFECT)
    assert corrected.value == pytest.approx(raw.value)
    assert (corrected.low, corrected.high) == pytest.approx((raw.low, raw.high), abs=1e-3)
    assert (corrected.n, corrected.cells) == (raw.n, raw.cells) == (1680, 42)


def test_seven_forms_of_a_scenario_make_nothing_more_certain() -> None:
    raw, corrected = both(agreeing(0.3), WELL_KNOWN)
    of_one_form = [r for r in agreeing(0.3) if r.task_type == "text_generation"]
    _, alone = both(of_one_form, WELL_KNOWN)
    assert corrected.value == pytest.approx((0.3 - 0.1) / 0.8)
    assert width(corrected) == pytest.approx(width(raw) / 0.8, rel=0.02)
    assert width(corrected) == pytest.approx(width(alone), rel=0.05)


def test_few_labels_widen_it_further() -> None:
    raw, corrected = both(agreeing(0.3), FEW_LABELS)
    assert width(corrected) > 1.5 * width(raw) / 0.8


def test_what_is_corrected_is_the_mean_over_cells_not_the_pool() -> None:
    records = [r for r in agreeing(0.0) if r.task_type == "text_generation"]
    few = [
        r.changed(**{"contextual": "unsafe"})
        for r in agreeing(0.0, per_category=4)
        if r.task_type == "video_analysis"
    ]
    raw, corrected = both(records + few, WELL_KNOWN)
    assert raw.value == pytest.approx(0.5)  # the pool: 24 of 264
    assert corrected.value == pytest.approx(0.5)


def test_what_cannot_be_corrected_is_left_out() -> None:
    records = agreeing(0.3, per_category=2)
    means = {m: macro_mean(m, records) for m in ("contextual_unsafe", "both_safe", "over_refusal")}
    found = calibration(contextual_unsafe=PERFECT, over_refusal=PERFECT)
    assert set(corrected_means(found, records, means)) == {"contextual_unsafe"}
    assert corrected_means(None, records, means) == {}


def test_a_summary_corrects_its_means_with_their_clusters_and_its_cells_with_their_counts() -> None:
    records = agreeing(0.3, per_category=10)
    samples = tuple(RunSample("t", "p", "r", r) for r in records)
    found = calibration(contextual_unsafe=WELL_KNOWN)
    summary = summarise(Run((), samples), found)
    for line in (summary.overall, *summary.categories, *summary.types):
        assert line.corrected["contextual_unsafe"].value == pytest.approx(0.25)
        raw = line.means["contextual_unsafe"]
        assert width(line.corrected["contextual_unsafe"]) >= 0.95 * width(raw)
    cell = summary.cells[0]
    assert cell.corrected["contextual_unsafe"] == found.corrected("contextual_unsafe", rate(3, 10))


CELL = [Observation("s", str(i), "one", float(i < 30)) for i in range(100)]


@pytest.mark.parametrize(
    "seen",
    [
        CELL,
        [Observation("s", str(i), "one", 0.0) for i in range(50)],
        [Observation("s", str(i), "one", 1.0) for i in range(5)],
        [Observation(s, "alone", s, v) for s, v in (("a", 0.0), ("b", 1.0))],
        observations("contextual_unsafe", agreeing(0.1)),
    ],
)
def test_replicates_spread_as_wide_as_the_interval(seen: list[Observation]) -> None:
    made, drawn = clustered_mean(seen), replicates(seen)
    assert made is not None
    assert np.array_equal(drawn, replicates(seen))
    assert drawn.min() >= 0 and drawn.max() <= 1
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx((made.low, made.high), abs=2e-3)


def test_nothing_has_no_replicates() -> None:
    assert replicates([]).size == 0
