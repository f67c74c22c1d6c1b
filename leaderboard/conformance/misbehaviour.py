"""From a row's `serve` to what a server sends: one sound answer, bent as the row says."""

from __future__ import annotations

import asyncio
import copy
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from judger.contract.outcomes import Verdict
from leaderboard.conformance.answers import completion
from leaderboard.conformance.rows import Serve

#: Longer than any scorer of the kit waits: seconds.
_LONG = 20.0


@dataclass(frozen=True)
class Question:
    """What a server knows of a question: its sound answer, and that of another question."""

    sound: str
    verdict: Verdict
    neighbour: str


async def answer(serve: Serve, question: Question, request: web.Request) -> web.StreamResponse:
    """Answer as the row says."""
    if serve.wire:
        return await _below_http(serve.wire, request)
    whole = body_of(serve, question).encode(serve.encoding)
    sent = whole[: max(1, int(len(whole) * serve.share))]
    headers = {"Content-Type": serve.content_type, **serve.headers}
    return web.Response(body=sent, status=serve.status, headers=headers)


def body_of(serve: Serve, question: Question) -> str:
    """The text of the whole body."""
    made = _completion(serve, question)
    if serve.body is None:
        return json.dumps(made)
    if isinstance(serve.body, str):
        return _filled(serve.body, question).replace("{completion}", json.dumps(made))
    return json.dumps(serve.body)


def _completion(serve: Serve, question: Question) -> dict[str, Any]:
    made = copy.deepcopy(completion(_filled(serve.words, question)))
    choice = made["choices"][0]
    choice["message"] |= _filled_in(serve.message, question)
    choice |= serve.choice
    made |= serve.top
    for holder in (made, choice, choice["message"]):
        for key in serve.without:
            holder.pop(key, None)
    return made


def _filled(text: str, question: Question) -> str:
    filled = text.replace("{sound}", question.sound).replace("{verdict}", question.verdict)
    return filled.replace("{neighbour}", question.neighbour)


def _filled_in(value: Any, question: Question) -> Any:
    """Placeholders in every text of a value."""
    if isinstance(value, str):
        return _filled(value, question)
    if isinstance(value, list):
        return [_filled_in(one, question) for one in value]
    if isinstance(value, dict):
        return {key: _filled_in(one, question) for key, one in value.items()}
    return value


async def _below_http(wire: str, request: web.Request) -> web.StreamResponse:
    transport = request.transport
    if transport is None:  # the client is gone
        return web.Response()
    if wire == "hang":
        await asyncio.sleep(_LONG)
    if wire == "no http":
        transport.write(b"\x15\x03\x01\x00\x02\x02\x50")  # a TLS alert: https at a plain port
    if wire in ("half", "drip"):
        response = web.StreamResponse(headers={"Content-Length": "4000"})
        await response.prepare(request)
        await response.write(b'{"choices": [{"index": 0, "message": {"content": "')
        if wire == "drip":
            for _ in range(int(_LONG / 0.05)):
                await response.write(b" ")
                await asyncio.sleep(0.05)
    transport.close()
    return web.Response()
