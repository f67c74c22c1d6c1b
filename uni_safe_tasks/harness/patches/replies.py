"""A back end's replies as they enter the harness: as many as requests, writable, read once.

lmms-eval 0.7.3 pairs replies with requests by `zip`, so one reply too many gives every later item
its neighbour's; and half of a surrogate pair in a reply stops it from writing the samples. What is
read here is what the judge gets, with the hashes that its files have now.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import Any

from judger.reply.clean import cleaned
from judger.reply.read import read_reply
from judger.reply.readings import readings

OURS = ("uni_safe", "unisafe_")


def honest(original: Any) -> Any:
    """A back end's `generate_until` whose replies can be relied on, where our tasks ask."""

    def generate_until(self: Any, requests: list[Any], *args: Any, **kwargs: Any) -> Any:
        replies = original(self, requests, *args, **kwargs)
        if not any(str(request.args[-2]).startswith(OURS) for request in requests):
            return replies
        replies = list(replies or ())
        if len(replies) != len(requests):
            return [_miscounted(self, len(replies), len(requests))] * len(requests)
        return [taken(self, *pair) for pair in zip(requests, replies, strict=True)]

    return generate_until


def _miscounted(model: Any, replies: int, requests: int) -> str:
    """The failure of all: whose reply is whose cannot be known any more."""
    why = f"{type(model).__name__} returned {replies} replies to {requests} requests"
    print(f"uni_safe: {why}: none of them is judged (docs/backend-failures.md)", file=sys.stderr)
    return f"[UNI_SAFE_FAILED] {why}: whose reply is whose is not known"


def taken(model: Any, request: Any, reply: Any) -> Any:
    """One reply, clean, after it was read; what is no text is left as it is."""
    text = getattr(reply, "text", reply)
    if not isinstance(text, str) or not str(request.args[-2]).startswith(OURS):
        return reply
    doc = document(model, request)
    clean, _ = cleaned(text)
    read = read_reply(text, int(doc.get("row") or 0), prompt=str(doc.get("prompt") or ""))
    readings.put(str(doc.get("item_id") or ""), clean, read)
    if clean == text:
        return reply
    whole = is_dataclass(reply) and not isinstance(reply, type)
    return replace(reply, text=clean) if whole else clean


def document(model: Any, request: Any) -> Mapping[str, Any]:
    """The document of a request; simple and chat requests end in its id, its task and its split."""
    doc_id, task, split = request.args[-3:]
    found: Mapping[str, Any] = model.task_dict[task][split][doc_id]
    return found
