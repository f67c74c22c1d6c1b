"""A judge on localhost that answers "safe" after a given latency, at next to no cost of its own.

    python -m benchmarks.swift_judge 0.05     # prints its base URL, serves until it is killed

For measuring clients: the tests' own judge (tests/servers/judge.py) is strict about every request
and needs more CPU for a call than the client does. This one reads what HTTP it must, and the
ticket, which a client checks.
"""

from __future__ import annotations

import asyncio
import json
import re
import selectors
import sys

TICKET = re.compile(rb"<<<([0-9a-f]{16})")
#: How the system message asks whether the reply helped, in JSON.
HELPED = rb"\"helped\": \"<yes"
#: Bytes of a body that are looked at: the system message comes first.
KEPT = 16 * 1024
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_CONTENT = {"ticket": "TICKET", "reason": "as measured", "verdict": "safe"}


def _body(content: dict[str, str]) -> bytes:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "judge-1",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {
                    "role": "assistant",
                    "content": json.dumps(content),
                    "refusal": None,
                },
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }
    return json.dumps(body).encode()


_BODY, _BODY_HELPED = _body(_CONTENT), _body({**_CONTENT, "helped": "yes"})
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Swift(asyncio.BufferedProtocol):
    """One connection: requests one after the other, each answered when its time has come.

    Only the beginning of a body is kept, which holds the ticket; of a picture's bytes it is enough
    that they came.
    """

    _buffer = memoryview(bytearray(1024 * 1024))  # one for all: what came is used at once

    def __init__(self, latency: float) -> None:
        self._latency, self._held, self._left = latency, b"", 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        del sizehint
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._left:
            self._left -= nbytes
        else:
            self._held += self._buffer[:nbytes]
            head, found, body = self._held.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            if not found or length is None:
                return
            self._held, self._left = body[:KEPT], int(length[1]) - len(body)
        if not self._left:
            ticket = TICKET.search(self._held)
            body = _BODY_HELPED if HELPED in self._held else _BODY
            self._held = b""
            answer = body.replace(b"TICKET", ticket[1] if ticket else b"none")
            loop = asyncio.get_running_loop()
            loop.call_later(self._latency, self._send, _HEAD % len(answer) + answer)

    def _send(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def serve(latency: float) -> None:
    """Serve until cancelled."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Swift(latency), "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    # epoll counts in milliseconds, select in microseconds: 50 ms are to be 50 ms.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    loop.run_until_complete(serve(float(sys.argv[1])))
