"""A 200 whose body tells of an error: its inner code decides, as the status of a response would."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judger.endpoint.client import Client
from judger.endpoint.faults import JudgeFault, JudgeFiltered, JudgeRejected, JudgeStopped
from tests.judger.endpoint.client.asked import asked, with_client
from tests.judger.endpoint.client.test_client_paced import many
from tests.judger.endpoint.grammar.bodies import SAYS, body
from tests.servers import turns
from tests.servers.turns import Turns


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.002)


def with_error(error: Any, **more: Any) -> turns.Turn:
    return turns.body(json.dumps({"error": error, **more}))


def test_a_429_inside_a_200_is_waited_for() -> None:
    """As HTTP 429 it cost nothing; inside a 200 it was "endpoint gone", 0 of 40."""
    slow_down = with_error({"code": 429, "message": "Rate limit exceeded"})
    with Turns(*[slow_down] * 90, turns.body(json.dumps(body()))) as server:
        said, stopped = with_client(server, many(40), concurrency=8, retries=0)
    assert (set(said), stopped) == ({SAYS}, "")


@pytest.mark.parametrize(
    ("turn", "raised", "calls"),
    [
        (with_error({"code": 400, "message": "too long"}), JudgeRejected, 1),
        (with_error({"code": "content_filter", "message": "no"}), JudgeFiltered, 1),
        (with_error({"code": 403, "metadata": {"reasons": ["violence"]}}), JudgeFiltered, 1),
        (with_error({"code": 401, "message": "bad key"}), JudgeStopped, 1),
        (with_error({"code": 402, "message": "no credit"}), JudgeStopped, 1),
        (with_error({"code": 502, "message": "broke off"}), JudgeFault, 4),
        (with_error({"message": "broke off"}), JudgeFault, 4),
        (turns.body(json.dumps(body(error={"code": 502}))), JudgeFault, 4),
        (turns.body(json.dumps(body(choice={"error": {"code": 502}}))), JudgeFault, 4),
        (turns.body(json.dumps(body(finish="error"))), JudgeFault, 4),
        (turns.body(json.dumps(body(finish="insufficient_system_resource"))), JudgeFault, 4),
        (turns.body('{"choices": [], ' + json.dumps(body())[1:]), JudgeFault, 4),
    ],
)
def test_what_follows_from_the_inner_code(
    turn: turns.Turn, raised: type[JudgeFault], calls: int
) -> None:
    with Turns(turn) as server:
        said = with_client(server, asked, retries=3)
        assert len(server.times) == calls
    assert said.startswith(f"{raised.__name__}: ")


@pytest.mark.parametrize("fault", [{"error": {"code": 502}}, {"finish": "abort"}])
def test_a_broken_answer_is_asked_for_again(fault: dict[str, Any]) -> None:
    with Turns(turns.body(json.dumps(body(**fault))), turns.body(json.dumps(body()))) as server:
        assert with_client(server, asked) == SAYS
        assert len(server.times) == 2


def test_an_answer_without_an_ending_is_none_from_a_server_that_sends_them() -> None:
    async def three(client: Client) -> list[str]:
        return [await asked(client, body=b'{"n": %d}' % n) for n in range(3)]

    bare = turns.body(json.dumps(body(finish=None)))
    whole = turns.body(json.dumps(body()))
    with Turns(bare) as server:
        assert with_client(server, three) == [SAYS] * 3
    with Turns(bare, whole, bare, whole) as server:
        assert with_client(server, three) == [SAYS] * 3
        assert len(server.times) == 4  # the third was asked for again
