"""The client against a real server: what is tried again, what is not, what stops everything."""

from __future__ import annotations

import asyncio
import json
import time
from email.utils import formatdate
from typing import Any, Protocol

import pytest

from judger.contract.settings import Settings
from judger.endpoint.circuit import BREAKER_FAILURES, BREAKER_TRIPS, SHUT_OUT
from judger.endpoint.client import Client
from judger.endpoint.faults import (
    JudgeFault,
    JudgeFiltered,
    JudgeRejected,
    JudgeStopped,
    retry_after,
)
from tests.servers import turns
from tests.servers.turns import Turn, Turns


class Served(Protocol):
    """A server at an address."""

    url: str


BODY = b'{"model": "m", "messages": []}'
KEY = "key-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)


def with_client(server: Served, use: Any, **fields: Any) -> Any:
    """Run `use(client)` in a loop of its own."""

    async def run() -> Any:
        usual: dict[str, Any] = {"model": "m", "base_url": server.url, "api_key": KEY}
        client = Client(Settings(**{**usual, "timeout": 5, "deadline": 30, "retries": 3, **fields}))
        try:
            return await use(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def asked(client: Client, path: str = "/chat/completions", body: bytes = BODY) -> str:
    """The text of an answer, or the name and words of the fault."""
    try:
        return (await client.ask(body, path)).text
    except JudgeFault as fault:
        return f"{type(fault).__name__}: {fault}"


DEEP = "[" * 200_000 + "]" * 200_000


@pytest.mark.parametrize(
    "turn",
    [
        turns.status(429),
        turns.status(429, Retry_After="0.05"),
        turns.status(408),
        turns.status(409),
        turns.status(500),
        turns.status(502),
        turns.status(503, Retry_After="0.05"),
        turns.status(529),
        turns.drop,
        turns.half,
        turns.body("<html>gateway</html>", "text/html"),
        turns.body(""),
        turns.body("{"),
        turns.body("null"),
        turns.body('{"error": {"message": "overloaded"}}'),
        turns.body('{"choices": []}'),
        turns.body('{"choices": [{"message": {"content": 1}}]}'),
        turns.body(DEEP),
    ],
)
def test_a_transient_fault_is_tried_again(turn: Turn) -> None:
    with Turns(turn, turn, turns.fine) as server:
        assert with_client(server, asked) == "fine"
        assert len(server.times) == 3


@pytest.mark.parametrize(
    ("turn", "fault", "words"),
    [
        (turns.status(400), JudgeRejected, "400"),
        (turns.status(413), JudgeRejected, "413"),
        (turns.status(422, "too long"), JudgeRejected, "too long"),
        (turns.status(400, "content_filter: not this"), JudgeFiltered, "not this"),
        (turns.status(401, "bad key"), JudgeStopped, "401 bad key"),
        (turns.status(403), JudgeStopped, "403"),
        (turns.status(404, "no such model"), JudgeStopped, "no such model"),
        (turns.status(405), JudgeStopped, "405"),
        (turns.status(307, Location="http://elsewhere/v1"), JudgeStopped, "307"),
    ],
)
def test_what_will_not_get_better_is_asked_once(
    turn: Turn, fault: type[JudgeFault], words: str
) -> None:
    with Turns(turn) as server:
        said = with_client(server, asked)
        assert len(server.times) == 1
    assert said.startswith(f"{fault.__name__}: ")
    assert words in said


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


@pytest.mark.parametrize("turn", [turns.drip, turns.status(503)])
def test_a_question_has_one_deadline_over_all_attempts(
    turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.2)
    with Turns(turn) as server:
        said = with_client(server, asked, deadline=0.5, retries=20, timeout=60)
        assert len(server.times) < 10
    assert said.startswith("JudgeFault: no answer")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2", 2.0), ("0.25", 0.25), ("0", 0.0), ("-3", 0.0), ("soon", 0.0), ("", 0.0), ("nan", 0.0)],
)
def test_retry_after_in_seconds(value: str, seconds: float) -> None:
    assert retry_after({"Retry-After": value}) == seconds


def test_retry_after_as_a_date() -> None:
    assert 55 < retry_after({"Retry-After": formatdate(time.time() + 60, usegmt=True)}) <= 60
    assert retry_after({"Retry-After": formatdate(time.time() - 60, usegmt=True)}) == 0.0
    assert retry_after({}) == 0.0


@pytest.mark.parametrize("code", [400, 401, 500])
def test_the_key_is_in_no_message(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    async def echo(request: Any) -> Any:
        return turns.error(code, f"no: {request.headers['Authorization']}")

    with Turns(echo) as server:
        said = with_client(server, asked, retries=0)
    assert KEY not in said
    assert "[key]" in said
    assert KEY not in "".join(capsys.readouterr())


def test_completions_go_to_their_own_path() -> None:
    async def plain(request: Any) -> Any:
        return turns.web.json_response({"choices": [{"text": request.path}]})

    with Turns(plain) as server:
        use = lambda client: asked(client, "/completions")  # noqa: E731
        assert with_client(server, use) == "/v1/completions"
        assert server.bodies == [json.loads(BODY)]


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (403, {"error": {"code": 403, "metadata": {"reasons": ["violence"]}}}, JudgeFiltered),
        (403, {"error": {"message": "Your input was flagged"}}, JudgeFiltered),
        (400, {"error": {"code": "content_filter", "message": "no"}}, JudgeFiltered),
        (403, {"error": {"message": "no such project"}}, JudgeStopped),
        (402, {"error": {"message": "no credit"}}, JudgeStopped),
        (429, {"error": {"code": "insufficient_quota"}}, JudgeStopped),
    ],
)
def test_a_filter_is_no_wrong_key_and_an_empty_account_no_pace(
    status: int, body: dict[str, Any], raised: type[JudgeFault]
) -> None:
    with Turns(turns.body(json.dumps(body), code=status)) as server:
        assert with_client(server, asked).startswith(f"{raised.__name__}: ")
        assert len(server.times) == 1
