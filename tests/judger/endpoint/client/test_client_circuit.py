"""An endpoint that answers nobody opens the circuit; one that comes back loses nothing."""

from __future__ import annotations

import asyncio

import pytest

from judger.endpoint.circuit import BREAKER_FAILURES, BREAKER_TRIPS, SHUT_OUT
from judger.endpoint.client import Client
from tests.judger.endpoint.client.asked import asked, with_client
from tests.servers import turns
from tests.servers.turns import Turn, Turns


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)


@pytest.mark.parametrize(
    ("code", "setting"),
    [(401, "UNI_JUDGER_API_KEY"), (403, "UNI_JUDGER_MODEL"), (404, "UNI_JUDGER_BASE_URL")],
)
def test_a_wrong_key_or_address_stops_everything_soon(
    code: int, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def many(client: Client) -> list[str]:
        first = await asked(client)
        different = (b'{"question": %d}' % n for n in range(50))
        rest = await asyncio.gather(*(asked(client, body=body) for body in different))
        assert client.stopped
        return [first, *rest]

    with Turns(turns.fine, turns.status(code, "scripted")) as server:
        said = with_client(server, many, concurrency=4)
        assert len(server.times) <= 1 + SHUT_OUT + 4  # so many in a row, and those in flight
    assert said[0] == "fine"
    own = [s for s in said[1:] if not s.startswith("JudgeStopped")]
    assert len(own) < SHUT_OUT + 4
    assert all(s.startswith("JudgeFault") and f"HTTP {code}" in s for s in own)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert f"answers HTTP {code} scripted" in lines[0]
    assert "The 1 answers so far are kept" in lines[0]
    assert setting in lines[0]


@pytest.mark.parametrize("turn", [turns.status(500), turns.drop])  # a 429 says it is there
def test_an_endpoint_that_answers_nobody_opens_the_circuit(turn: Turn) -> None:
    async def many(client: Client) -> list[str]:
        return await asyncio.gather(*(asked(client) for _ in range(200)))

    with Turns(turn) as server:
        said = with_client(server, many, concurrency=8, retries=1)
        calls = len(server.times)
    stopped = [s for s in said if s.startswith("JudgeStopped")]
    assert all("the judge's endpoint is gone" in s for s in stopped)
    assert len(stopped) > 150
    assert all(s.startswith("JudgeFault: no answer after 2") for s in set(said) - set(stopped))
    trips = BREAKER_TRIPS + 1
    assert trips * BREAKER_FAILURES <= calls <= trips * (BREAKER_FAILURES + 8)


def test_a_refused_connection_opens_the_circuit() -> None:
    with Turns(turns.fine) as server:
        pass  # gone before the first question

    async def many(client: Client) -> list[str]:
        return await asyncio.gather(*(asked(client) for _ in range(40)))

    said = with_client(server, many, concurrency=4, retries=1)
    assert all(s.startswith(("JudgeFault", "JudgeStopped")) for s in said)
    assert said[-1].startswith("JudgeStopped: the judge's endpoint is gone")


def test_an_endpoint_that_comes_back_loses_nothing() -> None:
    """The circuit opens, waits, and closes at the first answer."""

    async def many(client: Client) -> list[str]:
        return await asyncio.gather(*(asked(client) for _ in range(60)))

    with Turns(*[turns.status(502)] * 30, turns.fine) as server:
        said = with_client(server, many, concurrency=8, retries=6)
    assert set(said) == {"fine"}


def test_failures_with_successes_between_them_do_not_open_the_circuit() -> None:
    async def in_turn(client: Client) -> list[str]:
        return [await asked(client) for _ in range(3 * BREAKER_FAILURES)]

    script = [turns.status(500), turns.fine] * (3 * BREAKER_FAILURES)
    with Turns(*script) as server:
        said = with_client(server, in_turn, retries=0)
    assert said.count("fine") == len(said) / 2
    assert not any(s.startswith("JudgeStopped") for s in said)


def test_retry_after_is_waited_for_by_everybody() -> None:
    async def two(client: Client) -> tuple[str, str]:
        first = asyncio.create_task(asked(client))
        await asyncio.sleep(0.1)  # the pause has begun
        return await asked(client), await first

    with Turns(turns.status(429, Retry_After="0.6"), turns.fine) as server:
        assert with_client(server, two) == ("fine", "fine")
        refused, *later = server.times
    assert len(later) == 2
    assert all(at - refused >= 0.59 for at in later)
