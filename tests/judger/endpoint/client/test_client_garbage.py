"""The client at an endpoint that answers what is no HTTP: tried again, counted, never raised."""

from __future__ import annotations

import pytest

from tests.judger.endpoint.client.asked import asked, with_client
from tests.judger.endpoint.client.test_client_paced import many
from tests.servers.raw import RawServer

FINE = b'{"choices": [{"message": {"content": "fine"}}]}'
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
GOOD = HEAD + b"%d\r\n\r\n" % len(FINE) + FINE
GARBAGE = [
    b"GARBAGE\r\n\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
    HEAD + b"many\r\n\r\n" + FINE,
    HEAD + b"-3\r\n\r\n" + FINE,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + FINE,
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    b"\x00\xff" * 40,
]


@pytest.fixture(autouse=True)
def _no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_http_is_tried_again(garbage: bytes) -> None:
    with RawServer(garbage, GOOD) as server:
        assert with_client(server, asked) == "fine"
        assert server.calls == 2


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_never_http_is_no_answer(garbage: bytes) -> None:
    with RawServer(garbage) as server:
        said = with_client(server, asked, retries=1)
    assert said.startswith("JudgeFault: no answer after 2 attempts")


def test_an_endpoint_that_never_speaks_http_is_gone() -> None:
    with RawServer(GARBAGE[0]) as server:
        said, stopped = with_client(server, many(100), concurrency=4, retries=1)
    assert "the judge's endpoint is gone" in stopped
    assert all(s.startswith(("JudgeFault", "JudgeStopped")) for s in said)
