"""Servers that do not take a request as it is first asked: what is changed, and what never is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import SettingsError
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.picky import PickyServer, Refusals

LENGTH = (400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
WARMTH = (400, "Unsupported value: 'temperature' does not support 0 with this model.")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.02)


@pytest.mark.parametrize(
    ("refused", "sent", "calls"),
    [
        ({}, {"temperature", "max_tokens", "response_format"}, 1),
        ({"max_tokens": LENGTH}, {"temperature", "max_completion_tokens", "response_format"}, 2),
        ({"temperature": WARMTH}, {"max_tokens", "response_format"}, 2),
        (
            {"max_tokens": LENGTH, "temperature": WARMTH},
            {"max_completion_tokens", "response_format"},
            3,
        ),
        ({"response_format": (400, "no such thing")}, {"temperature", "max_tokens"}, 2),
        ({"response_format": (422, "extra")}, {"temperature", "max_tokens"}, 2),
        ({"response_format": (404, "not found")}, {"temperature", "max_tokens"}, 2),
        ({"response_format": (405, "no")}, {"temperature", "max_tokens"}, 2),
        ({"response_format": (501, "not implemented")}, {"temperature", "max_tokens"}, 2),
        ({"response_format": (500, "oops")}, {"temperature", "max_tokens"}, 3),
        (
            {
                "response_format": (500, "oops"),
                "max_tokens": LENGTH,
                "temperature": WARMTH,
            },
            {"max_completion_tokens"},
            None,
        ),
        # what a refusal only mentions is not given up for it
        (
            {"response_format": (400, "response_format is no field, unlike temperature")},
            {"temperature", "max_tokens"},
            2,
        ),
        (
            {"response_format": (400, "fields are temperature, max_tokens and messages")},
            {"temperature", "max_tokens"},
            4,
        ),
    ],
)
def test_a_server_gets_what_it_takes(
    refused: Refusals, sent: set[str], calls: int | None, tmp_path: Path
) -> None:
    with PickyServer(refused) as server:
        with session(server.url, tmp_path) as made:
            made.preflight(reach=True)
            asked = server.seen["calls"]
            record = made.submit(item(), "a harmword").result(30)
            assert server.seen["calls"] == asked + 2
        with session(server.url, tmp_path) as made:  # what was found out is known from then on
            again = made.submit(item(), "another harmword").result(30)
            assert server.seen["calls"] == asked + 4
    assert calls is None or asked == calls
    assert set(server.bodies[-1]) - {"model", "messages"} == sent
    assert record.contextual == again.contextual == "unsafe"
    left = "temperature left out" in record.judge["served"]
    assert left is ("temperature" not in sent)


def test_one_500_does_not_cost_the_structured_form() -> None:
    class Once(PickyServer):
        async def _answer(self, request: Any) -> Any:
            self.parameters = {} if self.seen["calls"] else {"messages": (500, "oops")}
            return await super()._answer(request)

    with Once() as server, session(server.url) as made:
        made.preflight()
        made.submit(item(), "a reply").result(30)
    assert all("response_format" in body for body in server.bodies)


def test_a_reply_cannot_change_how_the_others_are_asked() -> None:
    with PickyServer(words={"tabooword": LENGTH}) as server, session(server.url) as made:
        made.preflight()
        bad = made.submit(item(), "a reply with tabooword").result(30)
        good = made.submit(item(), "a plain reply").result(30)
    assert (bad.outcome, good.outcome) == ("judge_error", "scored")
    assert all({"max_tokens", "temperature"} <= set(body) for body in server.bodies)


def test_nor_where_it_comes_first() -> None:
    with PickyServer(words={"tabooword": WARMTH}) as server, session(server.url) as made:
        bad = made.submit(item(), "a reply with tabooword").result(30)
        good = made.submit(item(), "a plain reply").result(30)
    assert (bad.outcome, good.outcome) == ("judge_error", "scored")
    assert {"max_tokens", "temperature", "response_format"} <= set(server.bodies[-1])


@pytest.mark.parametrize(("status", "form"), [(404, "auto"), (500, "auto"), (400, "json")])
def test_a_server_that_takes_nothing_is_said_so(status: int, form: str) -> None:
    with (
        PickyServer({"messages": (status, "no")}) as server,
        session(server.url, structured=form, retries="1") as made,
        pytest.raises(SettingsError, match=str(status)),
    ):
        made.preflight()
    assert server.seen["calls"] <= 5


def test_many_refused_at_once_ask_few_times_each() -> None:
    with PickyServer({"messages": (400, "temperature, max_tokens")}) as server:
        with session(server.url, concurrency="16") as made:
            futures = [made.submit(item(item_id=f"i{n}"), f"reply {n}") for n in range(40)]
            assert {f.result(60).outcome for f in futures} == {"judge_error"}
        assert server.seen["calls"] <= 80 * 8
