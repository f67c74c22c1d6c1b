"""A server that answers each request with the next of the turns it was given, the last for ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.servers.judge import JudgeServer, Script, completion, error

Turn = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Turns(JudgeServer):
    """`times` are when requests came (monotonic seconds), whatever was answered."""

    def __init__(self, *turns: Turn) -> None:
        super().__init__(Script())
        self.turns = list(turns)
        self.times: list[float] = []

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.times.append(time.monotonic())
        self.bodies.append(await request.json())
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        return await turn(request)


async def fine(request: web.Request) -> web.StreamResponse:
    """A completion that says fine."""
    return completion("fine")


def status(code: int, message: str = "scripted", **headers: str) -> Turn:
    """An error of this status; `Retry_After` names the header."""

    async def turn(request: web.Request) -> web.StreamResponse:
        return error(code, message, {k.replace("_", "-"): v for k, v in headers.items()})

    return turn


def body(text: str, content_type: str = "application/json", code: int = 200) -> Turn:
    """Any body, with 200 or another status."""

    async def turn(request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type, status=code)

    return turn


async def drop(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def half(request: web.Request) -> web.StreamResponse:
    """Close the connection in the middle of the body."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"choices": [')
    assert request.transport is not None
    request.transport.close()
    return response


async def drip(request: web.Request) -> web.StreamResponse:
    """A byte now and then, for ever: no single read ever takes long."""
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(200):
        await response.write(b" ")
        await asyncio.sleep(0.05)
    return response


async def echo_key(request: web.Request) -> web.StreamResponse:
    """A 500 that repeats the key it was sent."""
    return error(500, f"cannot serve {request.headers['Authorization']}")
