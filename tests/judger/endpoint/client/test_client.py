"""The client against a real server: what is tried again, what is not, what stops everything."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from typing import Any

import pytest
from aiohttp import web

from judger.endpoint.faults import (
    JudgeFault,
    JudgeFiltered,
    JudgeRejected,
    JudgeStopped,
    retry_after,
)
from tests.judger.endpoint.client.asked import BODY, KEY, asked, with_client
from tests.servers import turns
from tests.servers.judge import error
from tests.servers.turns import Turn, Turns


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)


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
        return error(code, f"no: {request.headers['Authorization']}")

    with Turns(echo) as server:
        said = with_client(server, asked, retries=0)
    assert KEY not in said
    assert "[key]" in said
    assert KEY not in "".join(capsys.readouterr())


def test_completions_go_to_their_own_path() -> None:
    async def plain(request: Any) -> Any:
        return web.json_response({"choices": [{"text": request.path}]})

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
