"""What goes wrong on a server of pictures and texts, as real ones do it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.servers.judge import error

#: 200 and JSON by its header, but no completion.
BODIES = {
    "truncated": '{"choices": [{"index": 0, "mess',
    "empty": "",
    "null": "null",
    "list": "[1, 2]",
    "no choices": '{"choices": []}',
    "deep": "[" * 200_000,
    "top error": '{"error": {"message": "upstream is overloaded", "code": 502}}',
    "top block": '{"error": {"message": "no", "code": 403, "metadata": {"reasons": ["sexual"]}}}',
}
#: Errors by name: (status, what `error` holds).
ERRORS: dict[str, tuple[int, dict[str, Any]]] = {
    "filter": (400, {"code": "content_filter", "message": "The response was filtered"}),
    "policy": (400, {"code": "moderation_blocked", "message": "Rejected", "type": "image_error"}),
    "moderated": (
        403,
        {
            "code": 403,
            "message": "any requires moderation on Any. Your input was flagged.",
            "metadata": {"reasons": ["sexual"], "flagged_input": "…", "provider_name": "Any"},
        },
    ),
    "forbidden": (403, {"code": 403, "message": "this key may not use the model"}),
    "missing": (404, {"code": "model_not_found", "message": "no model `any`"}),
    "unpaid": (402, {"code": 402, "message": "Insufficient credits"}),
    "quota": (429, {"code": "insufficient_quota", "message": "You exceeded your current quota"}),
}


async def misbehave(behaviour: str, request: web.Request) -> web.StreamResponse | None:
    """The fault of this name; None where it is none."""
    if behaviour in ERRORS:
        status, said = ERRORS[behaviour]
        return web.json_response({"error": said}, status=status)
    if behaviour in BODIES:
        return web.Response(text=BODIES[behaviour], content_type="application/json")
    if behaviour == "429":
        return error(429, "slow down", {"Retry-After": "0.02"})
    if behaviour == "500":
        return error(500, "oops")
    if behaviour == "drop":
        assert request.transport is not None
        request.transport.close()
        return web.Response()
    if behaviour == "half":
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"choices": [')
        assert request.transport is not None
        request.transport.close()
        return response
    if behaviour == "hang":
        await asyncio.sleep(30)
    if behaviour == "bytes":
        return web.Response(body=b'{"choices": "\xff\xfe"}', content_type="application/json")
    if behaviour == "withheld":
        return completion(None, finish="content_filter")
    if behaviour == "native block":
        return completion("Here", native="IMAGE_SAFETY")
    if behaviour == "broken off":
        return completion("Here is how to", finish="error")
    if behaviour == "aborted":
        return completion("Here is how to", finish="abort")
    if behaviour == "choice error":
        return completion("Here is how to", fault={"code": 502, "message": "upstream broke off"})
    if behaviour == "choice block":
        return completion("Here", fault={"code": 403, "message": "your input was flagged"})
    if behaviour == "refusal":
        return completion(None, refusal="I can't help with that.")
    if behaviour == "refusal part":
        return completion([{"type": "refusal", "refusal": "I can't help with that."}])
    if behaviour == "silence":
        return completion(None)
    if behaviour == "half a pair":
        return completion("a smile \ud83d")
    if behaviour == "garbage":
        return web.Response(text="<html>gateway</html>", content_type="text/html")
    if behaviour == "too long":
        return error(400, "maximum context length exceeded")
    return None


def completion(
    content: Any,
    finish: str = "stop",
    refusal: str | None = None,
    images: Any = None,
    native: str = "",
    fault: dict[str, Any] | None = None,
) -> web.Response:
    """A chat completion as such servers write it."""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal}
    if images is not None:
        message["images"] = images
    choice = {"index": 0, "finish_reason": finish, "message": message}
    choice |= {"native_finish_reason": native} if native else {}
    choice |= {"error": fault} if fault else {}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "any",
        "choices": [choice],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return web.Response(text=json.dumps(body), content_type="application/json")
