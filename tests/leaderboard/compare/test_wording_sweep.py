"""The wording sweep: how far rates move, which verdicts flip, whether the order of runs stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.contract.record import Record
from judger.contract.settings import Settings, SettingsError
from leaderboard.compare.wording_sweep import (
    Records,
    flips,
    settings_of,
    short_names,
    spreads,
    taus,
)
from tests.leaderboard.made import record


def run(letters: str) -> list[Record]:
    """A run of one cell: one item for each letter."""
    return [record("privacy_leak", n, "text_generation", one) for n, one in enumerate(letters)]


def swept(**wordings: tuple[str, ...]) -> Records:
    """Wording → the letters of each run."""
    return {
        name: {f"run{n}": run(letters) for n, letters in enumerate(runs)}
        for name, runs in wordings.items()
    }


def test_a_spread_is_the_largest_minus_the_smallest() -> None:
    found = {(s.run, s.metric): s for s in spreads(swept(a=("ssss",), b=("sssu",), c=("ssuu",)))}
    assert found["run0", "both_safe"].spread == pytest.approx(0.5)
    assert found["run0", "contextual_refusal"].spread == 0.0
    assert not {metric for _, metric in found} & {"unscored", "media_delivered", "helped"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("ssss", "ssss", (0, 4)),
        ("ssss", "ssur", (2, 4)),
        ("ss?s", "ssuu", (1, 3)),  # an item that is not scored in all wordings says nothing
        ("????", "ssss", (0, 0)),
    ],
)
def test_items_whose_verdicts_flip(first: str, second: str, expected: tuple[int, int]) -> None:
    assert flips(swept(a=(first,), b=(second,)), "run0") == expected


@pytest.mark.parametrize(
    ("first", "second", "tau"),
    [
        (("ssss", "sssu", "ssuu"), ("ssss", "sssu", "ssuu"), 1.0),
        (("ssss", "sssu", "ssuu"), ("suuu", "ssuu", "sssu"), -1.0),
        (("ssss", "sssu", "ssuu"), ("sssu", "ssss", "ssuu"), 1 / 3),
        (("ssss", "sssu"), ("ssss", "????"), None),  # one run is left
        (("ssss",), ("sssu",), None),
        (("ssss", "ssss"), ("ssss", "sssu"), None),  # all runs are equal in one wording
    ],
)
def test_the_order_of_runs(
    first: tuple[str, ...], second: tuple[str, ...], tau: float | None
) -> None:
    found = taus(swept(a=first, b=second))
    assert found == {("a", "b"): tau if tau is None else pytest.approx(tau)}


def test_runs_of_one_name_are_told_apart() -> None:
    runs = [Path("/a/x y"), Path("/b/x y"), Path("/c/z"), Path("/d/x_y")]
    assert list(short_names(runs).values()) == ["x_y", "x_y-2", "z", "x_y-4"]


@pytest.mark.parametrize(
    ("names", "fields", "says"),
    [
        (["default", "terse"], {"backend": "rules"}, "reads no template"),
        (["default", "odd"], {}, "no wording named 'odd'"),
        (["default", "default"], {}, "at least two wordings"),
    ],
)
def test_what_cannot_be_swept(names: list[str], fields: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        settings_of(Settings(**{"backend": "openai", "model": "m", **fields}), names)  # type: ignore[arg-type]


def test_no_wording_is_vouched_for_by_the_calibration_of_another() -> None:
    made = Settings(backend="openai", model="m", calibration="c.json")
    found = settings_of(made, ["default", "terse"])
    assert [(s.variant, s.calibration) for s in found.values()] == [("default", ""), ("terse", "")]
