"""An OpenAI-compatible judge on localhost: strict about requests, scripted answers and faults.

It decides by what it is shown: a reply (the evidence between the marks) that holds the word
`harmword` is unsafe, one that holds `declineword` a refusal, any picture that is mostly red unsafe.
Run as a program it serves a benchmark from a process of its own.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from typing_extensions import Self

from leaderboard.conformance import answers
from leaderboard.conformance.answers import helped, shown, spoken

KEY = "test-key-1234"
FILM = r"data:video/(mp4|webm);base64"


@dataclass
class Script:
    """What the judge does: latency, faults by weight, which forms it takes, how it answers."""

    latency: float = 0.0
    faults: dict[str, float] = field(default_factory=dict)
    structured: bool = True
    status: int = 0
    seed: int = 0
    answer: Callable[[str, str, str], str] | None = None
    verdict: Callable[[str, str], str] | None = None
    key: str = KEY
    served: str = "judge-1"
    fingerprint: str | None = None
    listed: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "judge-1"}])
    in_form_when_asked_again: bool = False


class JudgeServer:
    """Runs in a thread of its own; `url` is what a client's base_url is."""

    def __init__(self, script: Script | None = None, port: int = 0) -> None:
        self.script = script or Script()
        self.random = random.Random(self.script.seed)
        self.seen: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.flying = self.peak = 0
        self.closed_models = False  # as with keys that may ask but not list
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._port = port
        self.url = ""
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        runner = web.AppRunner(app, access_log=None)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(self._site(runner).start())
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())

    def _site(self, runner: web.AppRunner) -> web.TCPSite:
        return web.TCPSite(runner, "127.0.0.1", self._port, backlog=1024)

    async def _models(self, request: web.Request) -> web.Response:
        self.seen["models"] += 1
        known = request.headers.get("Authorization") == f"Bearer {self.script.key}"
        if self.closed_models or (self.script.key and not known):
            return error(401, "invalid api key, or none for this")
        return web.json_response({"object": "list", "data": self.script.listed})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        self.flying += 1
        self.peak = max(self.peak, self.flying)
        try:
            return await self._answer(request)
        finally:
            self.flying -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        script = self.script
        if script.latency:
            await asyncio.sleep(script.latency)
        self.seen["calls"] += 1
        if script.key and request.headers.get("Authorization") != f"Bearer {script.key}":
            return error(401, "invalid api key")
        if script.status:
            return error(script.status, "scripted")
        fault = self._fault()
        self.seen[fault or "answered"] += 1
        if fault == "drop":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if fault == "429":
            return error(429, "slow down", {"Retry-After": "0.02"})
        if fault == "500":
            return error(500, "oops")
        body = await request.json()
        self.bodies.append(body)
        if (problem := invalid(body, script.structured)) is not None:
            return error(400, problem)
        if fault == "garbage":
            return web.Response(text="<html>gateway</html>", content_type="text/html")
        content = "I'm sorry, I can't classify this." if fault == "refuse" else self._words(body)
        finish = "length" if fault == "length" else "stop"
        said = content[:5] if fault == "length" else content
        return completion(said, finish, model=script.served, system_fingerprint=script.fingerprint)

    def _fault(self) -> str:
        draw = self.random.random()
        for name, weight in self.script.faults.items():
            if draw < weight:
                return name
            draw -= weight
        return ""

    def _words(self, body: dict[str, Any]) -> str:
        if body["messages"][0]["role"] == "user":
            return self._by_digit(body["messages"][0]["content"])
        system = body["messages"][0]["content"]
        ticket = re.search(r"<<<([0-9a-f]{16})", system)
        assert ticket is not None, "no marks in the system message"
        text, reply, red = shown(body, ticket[1])
        axis = "contextual" if "given what was asked" in text else "intrinsic"
        again = len(body["messages"]) > 2 and self.script.in_form_when_asked_again
        if self.script.answer is not None and not again:
            return self.script.answer(axis, ticket[1], reply)
        if self.script.verdict is not None:
            return spoken(body, ticket[1], self.script.verdict(axis, reply), helped(system, reply))
        verdict = "safe"
        if "harmword" in reply or red:
            verdict = "unsafe"
        elif axis == "contextual" and "declineword" in reply:
            verdict = "refusal"
        return spoken(body, ticket[1], verdict, helped(system, reply))

    def _by_digit(self, content: list[dict[str, Any]]) -> str:
        """The published protocol's question: one message of the user's, answered by a digit."""
        text, *pictures = content
        axis = "contextual" if "Given what was asked" in text["text"] else "intrinsic"
        reply = "" if pictures else text["text"].partition("The reply to classify:\n")[2]
        if self.script.answer is not None:
            return self.script.answer(axis, "", reply)
        digit = 1
        if "harmword" in reply or any(answers.is_red(one["image_url"]["url"]) for one in pictures):
            digit = 0
        elif axis == "contextual" and "declineword" in reply:
            digit = 2
        return f"Reason: as scripted; Result: {digit}"


def invalid(body: dict[str, Any], structured: bool) -> str | None:
    """What a real server would say 400 to."""
    known = {"model", "messages", "temperature", "max_tokens", "response_format"}
    known |= {"max_completion_tokens"}
    if unknown := set(body) - known:
        return f"unknown fields {sorted(unknown)}"
    if not isinstance(body.get("model"), str) or not body["model"]:
        return "model is required"
    for message in body.get("messages", []):
        for part in message["content"] if isinstance(message["content"], list) else ():
            if (problem := misformed(part)) is not None:
                return problem
    roles = [message["role"] for message in body.get("messages", [])]
    if not roles or roles[0] not in ("system", "user") or roles[-1] != "user":
        return f"bad roles {roles}"
    if "response_format" in body:
        if not structured:
            return "response_format is not supported"
        schema = body["response_format"]["json_schema"]["schema"]
        if set(schema["required"]) != set(schema["properties"]):
            return "strict schemas list every property as required"
    return None


def misformed(part: dict[str, Any]) -> str | None:
    """What vLLM and SGLang would refuse of one part of a message; media come as data URLs here."""
    kind = part["type"]
    if kind == "text":
        return None if isinstance(part["text"], str) else "text must be a string"
    if kind == "input_audio":
        good = part[kind]["format"] in ("wav", "mp3") and set(part[kind]) == {"data", "format"}
        return None if good else "input_audio wants data and a format"
    if kind not in ("image_url", "video_url"):
        return f"unknown part {kind}"
    head, comma, _ = part[kind]["url"].partition(",")
    form = r"data:image/(png|jpeg|webp);base64" if kind == "image_url" else FILM
    return None if comma and re.fullmatch(form, head) else f"{kind}: no data URL: {head[:40]}"


def completion(content: str, finish: str = "stop", **more: Any) -> web.Response:
    """A chat completion as the API writes it; `more` are further fields of its body."""
    return web.json_response({**answers.completion(content, finish), **more})


def error(status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error as the API writes it."""
    body = {"error": {"message": message, "type": "scripted", "code": None}}
    return web.json_response(body, status=status, headers=headers)


if __name__ == "__main__":
    import sys

    with JudgeServer(Script(latency=float(sys.argv[1]))) as server:
        print(server.url, flush=True)
        threading.Event().wait()
