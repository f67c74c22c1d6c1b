"""What a run would take: replies by task type, questions, tokens and price of every judge in it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from judger.contract.item import Item
from judger.contract.settings import Settings
from leaderboard.preflight.estimate import (
    ANSWER,
    PICTURE,
    Asked,
    Estimate,
    _pictures,
    estimate,
    items,
    seats,
)
from tests.judger.items import item
from uni_safe_tasks.suite.capabilities import DRAWN

CHAT = {"backend": "openai", "model": "m", "base_url": "http://x/v1"}


@pytest.fixture(scope="module")
def few() -> list[Item]:
    return items(None, limit=2)


def judged(asked: list[Item], drawn: bool) -> int:
    """How many items a judge is asked about that does, or does not, see pictures."""
    return sum(i.kind != "canary" and (drawn or i.task_type not in DRAWN) for i in asked)


def test_costs_add_up() -> None:
    asked = items(None, limit=3)
    assert Counter(item.task_type for item in asked) == dict.fromkeys(
        {item.task_type for item in asked}, 18
    )
    settings = Settings(price_input=2.0, price_output=10.0, concurrency=4)
    total = estimate(asked, settings)
    assert sum(total.generated.values()) == 42 * 3
    assert total.calls == 2 * judged(asked, drawn=True)
    assert total.output_tokens == ANSWER * total.calls
    assert total.seconds(settings, latency=2.0) == total.calls * 2.0 / 4
    price = (total.input_tokens * 2.0 + total.output_tokens * 10.0) / 1e6
    assert total.price(settings) == pytest.approx(price)
    longer = estimate(asked, settings, reply_chars=5000)
    assert longer.input_tokens > total.input_tokens and longer.calls == total.calls


def test_what_a_judge_cannot_see_it_is_not_asked(few: list[Item]) -> None:
    seeing, blind = (
        estimate(few, Settings(modalities=modalities))
        for modalities in (("text", "image"), ("text",))
    )
    assert blind.calls == 2 * judged(few, drawn=False) < seeing.calls
    assert seeing.input_tokens >= blind.input_tokens + PICTURE


def test_what_is_declared_unsupported_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNI_SAFE_CAPABILITIES", "text-to-text")
    total = estimate(items(None, limit=2), Settings())
    assert sum(total.generated.values()) == 24 and total.unsupported == 60


def panel(folder: Path, *judges: dict[str, Any]) -> Settings:
    """The settings of a panel; prices and concurrency are the environment's."""
    path = folder / "panel.json"
    path.write_text(json.dumps({"judges": judges}))
    return Settings(ensemble=str(path), price_input=1.0, price_output=1.0, concurrency=8)


def counts(total: Estimate) -> list[int]:
    return [one.calls for one in total.asked]


@pytest.mark.parametrize(
    ("judges", "axes_and_sight"),
    [
        ([CHAT, CHAT, CHAT], [(2, True)] * 3),
        ([CHAT, {"backend": "rules"}], [(2, True)]),  # rules cost nothing
        ([CHAT, {**CHAT, "axes": ["intrinsic"]}], [(2, True), (1, True)]),
        ([CHAT, {**CHAT, "modalities": ["text"]}], [(2, True), (2, False)]),
        ([CHAT, {**CHAT, "backend": "wildguard"}], [(2, True), (1, False)]),
        ([CHAT, {**CHAT, "backend": "llama_guard_4"}], [(2, True), (2, True)]),
        ([CHAT, {**CHAT, "api_key_env": "NOT_SET"}], [(2, True)] * 2),  # nobody is asked yet
    ],
)
def test_a_panel_is_the_sum_of_its_judges(
    judges: list[dict[str, Any]],
    axes_and_sight: list[tuple[int, bool]],
    few: list[Item],
    tmp_path: Path,
) -> None:
    named = [{**judge, "name": f"judge-{n}"} for n, judge in enumerate(judges)]
    total = estimate(few, panel(tmp_path, *named))
    assert counts(total) == [axes * judged(few, drawn) for axes, drawn in axes_and_sight]
    assert total.output_tokens == ANSWER * total.calls


def test_every_judge_has_its_own_price_and_pace(few: list[Item], tmp_path: Path) -> None:
    settings = panel(
        tmp_path,
        {**CHAT, "name": "a"},
        {**CHAT, "name": "b", "price_input": 5.0, "price_output": 0.0, "concurrency": 2},
    )
    total = estimate(few, settings)
    a, b = total.asked
    price = (a.input_tokens + a.output_tokens + 5.0 * b.input_tokens) / 1e6
    assert total.price(settings) == pytest.approx(price)
    assert total.seconds(settings, latency=1.0) == b.calls / 2, "they are asked at once"


def test_a_panel_that_cannot_be_read_is_counted_as_one_judge(few: list[Item]) -> None:
    assert len(estimate(few, Settings(ensemble="no-such-file.yaml")).asked) == 1


def test_a_judge_that_is_faster_than_a_second_is_no_judge_without_time() -> None:
    total = Estimate(asked=(Asked(calls=7),))
    assert total.seconds(Settings(concurrency=2), latency=0.4) == pytest.approx(1.4)
    assert total.seconds(Settings(concurrency=2), latency=4.0) == pytest.approx(14.0)
    assert (Asked().calls, Asked().input_tokens, Asked().output_tokens) == (0, 0, 0)


@pytest.mark.parametrize(
    ("backend", "image", "video", "pictures"),
    [
        ("openai", "", "", 0),
        ("openai", "a.png", "", 1),
        ("openai", "", "a.mp4", 8),
        ("openai", "a.png", "a.mp4", 9),
        ("wildguard", "a.png", "a.mp4", 0),  # is shown no request's media
    ],
)
def test_the_pictures_of_a_request_that_a_judge_is_shown(
    backend: str, image: str, video: str, pictures: int
) -> None:
    (seat,) = seats(Settings(backend=backend, model="m", video_frames=8))
    assert _pictures(item(image=image, video=video), seat) == pictures
