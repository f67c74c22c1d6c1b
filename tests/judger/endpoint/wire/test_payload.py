"""A body in parts arrives as what they make up, also where it is longer than a connection holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judger.endpoint.client import Client
from judger.endpoint.wire.payload import Parts, Sent, length
from tests.judger.endpoint.client.asked import with_client
from tests.servers.judge import completion
from tests.servers.turns import Turns

LONG = b"A" * 3_000_000
WHOLE = b'{"model": "m", "messages": []}'


@pytest.mark.parametrize(
    "body",
    [
        WHOLE,
        (WHOLE,),
        (WHOLE[:9], WHOLE[9:]),
        (WHOLE[:9], b"", WHOLE[9:]),
        (b'{"a":"', LONG, b'","b":"', LONG, '","c":"é"}'.encode()),
    ],
)
def test_what_is_sent_arrives(body: Sent) -> None:
    seen: list[tuple[str | None, bytes]] = []

    async def answer(request: Any) -> Any:
        seen.append((request.headers.get("Content-Length"), await request.read()))
        assert request.headers["Content-Type"] == "application/json"
        return completion("fine")

    async def asked(client: Client) -> str:
        return (await client.ask(body)).text

    with Turns(answer) as server:
        assert with_client(server, asked) == "fine"
    whole = body if isinstance(body, bytes) else b"".join(body)
    assert seen == [(str(len(whole)), whole)]
    assert length(body) == len(whole)


def test_the_parts_as_a_text() -> None:
    assert json.loads(Parts((WHOLE[:9], WHOLE[9:])).decode()) == {"model": "m", "messages": []}
