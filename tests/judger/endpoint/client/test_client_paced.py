"""The client at a server that says 429: it is there, so it is waited for, question by question."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from judger.endpoint.circuit import VAIN_ROUNDS
from judger.endpoint.client import MAX_PACE, Client
from tests.judger.endpoint.client.asked import asked, with_client
from tests.servers import turns
from tests.servers.turns import Turns

REFUSED = turns.status(429, "tokens per minute")


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.002)


def many(count: int) -> Any:
    async def use(client: Client) -> tuple[list[str], str]:
        return list(await asyncio.gather(*(asked(client) for _ in range(count)))), client.stopped

    return use


@pytest.mark.parametrize(
    "script",
    [
        [REFUSED] * 60 + [turns.fine],  # a window that is over: more than breaker and retries bear
        [REFUSED, REFUSED, turns.fine] * 200,
        [turns.status(429, Retry_After="0.02")] * 40 + [turns.fine],
    ],
)
def test_who_is_only_paced_loses_nothing(script: list[turns.Turn]) -> None:
    with Turns(*script) as server:
        said, stopped = with_client(server, many(60), concurrency=8, retries=0)
    assert (set(said), stopped) == ({"fine"}, "")


def test_where_nobody_is_let_in_one_question_tries_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight in flight are refused; after that a pause stands before each further attempt."""
    paused: list[float] = []
    monkeypatch.setattr("judger.endpoint.limiter.Limiter.pause", lambda self, s: paused.append(s))

    with Turns(*[REFUSED] * 30, turns.fine) as server:
        with_client(server, many(40), concurrency=8)
    assert paused[:4] == [0.001, 0.002, 0.004, 0.008]
    assert max(paused) == 0.002 * MAX_PACE, "a new window is not slept through"


def test_the_deadline_is_said_to_be_the_limits_and_not_the_endpoints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Turns(REFUSED) as server:
        said, stopped = with_client(server, many(5), concurrency=8, retries=0, deadline=1)
    assert stopped == "" and capsys.readouterr().err == ""
    assert all(s.startswith("JudgeFault: rate-limited: no answer after ") for s in said)
    assert all("HTTP 429 tokens per minute" in s for s in said)


def test_a_limit_that_outlasts_every_deadline_stops_the_run() -> None:
    """Else 2,520 items would wait ten minutes each."""
    with Turns(turns.status(429, "a day's worth", Retry_After="3600")) as server:
        said, stopped = with_client(server, many(40), concurrency=2)
    assert "rate-limited: HTTP 429" in stopped
    waited = [s for s in said if s.startswith("JudgeFault: rate-limited")]
    assert len(waited) == VAIN_ROUNDS * 2
    assert all("rate-limited" in s for s in said)


def test_an_empty_account_stops_the_run_at_once() -> None:
    with Turns(turns.status(429, "insufficient_quota: see your plan")) as server:
        said = with_client(server, asked)
        assert len(server.times) == 1
    assert said.startswith("JudgeStopped") and "insufficient_quota" in said


def test_a_wait_longer_than_the_deadline_is_not_begun() -> None:
    with Turns(turns.status(429, Retry_After="3600")) as server:
        began = time.monotonic()
        said = with_client(server, asked, deadline=60)
        assert len(server.times) == 1
    assert time.monotonic() - began < 30
    assert "rate-limited" in said and "next in 3600.0 s" in said


def test_429_lowers_the_number_in_flight_and_success_raises_it() -> None:
    async def watched(client: Client) -> tuple[float, float]:
        await asyncio.gather(*(asked(client) for _ in range(16)))
        low = client.limiter.limit
        await asyncio.gather(*(asked(client) for _ in range(400)))
        return low, client.limiter.limit

    with Turns(*[turns.status(429)] * 4, turns.fine) as server:
        low, high = with_client(server, watched, concurrency=16)
    assert low < 16
    assert high == 16
