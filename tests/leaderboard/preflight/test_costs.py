"""What the data card says a run costs is what `doctor` counts."""

from __future__ import annotations

from collections import Counter

import pytest

from judger.contract.protocol import HALF
from judger.contract.settings import Settings
from leaderboard.preflight import costs
from leaderboard.preflight.estimate import estimate, half_and_whole, items
from uni_safe_tasks.release.card import filled
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.suite.capabilities import VARIABLE


def test_the_card_is_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert filled(text, costs.costs(), *costs.MARKS) == text, (
        "run `python -m leaderboard.preflight.costs`"
    )


def test_half_and_whole_are_what_each_takes_by_itself() -> None:
    settings = Settings(concurrency=4)
    half, whole = half_and_whole(None, settings)
    for made, limit in ((half, HALF), (whole, None)):
        alone = estimate(items(None, limit), settings)
        assert made == alone
    assert half.generated == Counter(dict.fromkeys(half.generated, 6 * HALF))
    assert sum(half.generated.values()) == 42 * HALF < sum(whole.generated.values())
