"""A guard behind an OpenAI-compatible server on localhost: as strict about its form as the models.

It answers what it is told to, once it was asked in the form that the guard's chat template takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.servers.judge import JudgeServer, Script, completion, error

Answer = Callable[[dict[str, Any]], str]


class GuardServer(JudgeServer):
    """`answer` gets the request's body and returns the guard's text."""

    def __init__(self, guard: str, answer: Answer | str) -> None:
        super().__init__(Script())
        self.guard = guard
        self.answer = answer if callable(answer) else lambda _: answer

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.seen["calls"] += 1
        if (problem := misused(self.guard, request.path, body)) is not None:
            return error(400, problem)
        text = self.answer(body)
        if request.path == "/v1/completions":
            choice = {"index": 0, "text": text, "finish_reason": "stop"}
            return web.json_response({"object": "text_completion", "choices": [choice]})
        return completion(text)


def misused(guard: str, path: str, body: dict[str, Any]) -> str | None:
    """What a server with this guard's template would refuse."""
    plain = guard == "wildguard"
    if path != ("/v1/completions" if plain else "/v1/chat/completions"):
        return f"{guard} is not served at {path}"
    if body.get("temperature") != 0 or not isinstance(body.get("max_tokens"), int):
        return "guards are asked greedily and with a bound"
    if plain:
        return None if isinstance(body.get("prompt"), str) else "prompt is required"
    roles = [message["role"] for message in body["messages"]]
    if guard in ("gpt_oss_safeguard", "guardreasoner_vl", "guardreasoner_omni"):
        return None if roles == ["system", "user"] else f"roles {roles}"
    if roles not in (["user"], ["user", "assistant"]):
        return f"roles must alternate user/assistant, got {roles}"
    if guard == "llama_guard_4" and any(isinstance(m["content"], str) for m in body["messages"]):
        return "content must be a list of parts"
    pictured = [m["role"] for m in body["messages"] if "image_url" in str(m["content"])]
    if "assistant" in pictured or (pictured and guard == "qwen3guard"):
        return "no image in this turn"
    allowed = {"model", "messages", "temperature", "max_tokens"}
    if guard in ("nemotron", "singguard"):
        allowed.add("chat_template_kwargs")
    return None if set(body) == allowed else f"fields {sorted(body)}"
