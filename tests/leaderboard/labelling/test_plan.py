"""How many labels an interval needs."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint
from typer.testing import CliRunner

from leaderboard.cli import app
from leaderboard.labelling.plan import PlanError, design_effect, half_width, needed


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("half", [0.01, 0.03, 0.1])
def test_so_many_are_enough_and_one_fewer_is_not(share: float, half: float) -> None:
    n = needed(half, share)
    for count, enough in ((n, True), (n - 1, False)):
        low, high = proportion_confint(share * count, count, method="wilson")
        assert ((high - low) / 2 <= half + 1e-12) is enough


@pytest.mark.parametrize(
    ("per_scenario", "alike", "effect"), [(1, 0.3, 1), (7, 0, 1), (7, 1, 7), (3, 0.5, 2)]
)
def test_items_of_one_scenario_are_worth_fewer(
    per_scenario: float, alike: float, effect: float
) -> None:
    assert design_effect(per_scenario, alike) == effect
    assert half_width(200 * effect, 0.1, effect) == pytest.approx(half_width(200, 0.1))
    assert needed(0.03, 0.1, effect) == pytest.approx(effect * needed(0.03, 0.1), abs=effect)


def test_nobody_gives_a_million_labels() -> None:
    with pytest.raises(PlanError, match="wider"):
        needed(0.0001, 0.5)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["0.03"], 0, "388 labels: a share of 10.0% then has a half-width of 3.0% at most"),
        (["0.03"], 0, "about 300 labels, where 10.0% are unsafe"),
        (["0.03", "--per-scenario", "2"], 0, "design effect 1.30"),
        (["0.05", "--rate", "0.5"], 0, "| 400 "),
        (["0.03", "--per-scenario", "inf"], 2, "--per-scenario"),
        (["3"], 2, "a half-width lies between 0 and 0.5"),
        (["0"], 2, "a half-width lies between 0 and 0.5"),
    ],
)
def test_the_command(arguments: list[str], status: int, says: str) -> None:
    done = CliRunner().invoke(app, ["label", "plan", *arguments])
    assert done.exit_code == status and says in done.output
