"""The published rows reproduce the published aggregates and the published cost of unification."""

import pytest

from leaderboard.published.paper_results import (
    FAMILIES,
    PUBLISHED_METRICS,
    PublishedMetric,
    published,
)

PAPER = published()


def test_every_model_has_a_family_and_tasks_of_known_size() -> None:
    assert len(PAPER.models) == 16
    assert {row.family for row in PAPER.models} <= set(FAMILIES)
    assert all(set(row.tasks) <= set(PAPER.samples) for row in PAPER.models)
    assert set(PAPER.aggregates_percent) == {row.model for row in PAPER.models}


@pytest.mark.parametrize("metric", PUBLISHED_METRICS)
@pytest.mark.parametrize("model", [row.model for row in PAPER.models])
def test_sample_weighted_means_are_the_published_aggregates(
    model: str, metric: PublishedMetric
) -> None:
    # 0.05 percentage points: the authors rounded each rate to 0.1.
    ours = 100 * PAPER.aggregate(model, metric)
    assert ours == pytest.approx(PAPER.aggregates_percent[model][metric], abs=0.05 + 1e-9)


@pytest.mark.parametrize(
    ("unified", "points"), [("Bagel", 46.7), ("Tar-7B", 32.1), ("Show-o2", 8.7)]
)
def test_cost_of_unification_on_text_generation(unified: str, points: float) -> None:
    cost = PAPER.unification_cost("Qwen2.5-7B-Instruct", unified)
    assert set(cost) == {"malicious_text_generation"}  # the base model reads and writes text only
    assert 100 * cost["malicious_text_generation"] == pytest.approx(points, abs=0.05)


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(KeyError, match="'Nobody-1B' is none of"):
        PAPER.row("Nobody-1B")
