"""A reply is read where it enters the harness, once: what was read waits there for the judge.

The files of a reply may be written over by the next question or the next run; they are hashed here,
while they are what the back end made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judger.reply.read import read_reply
from judger.reply.readings import readings


def remember(model: Any, request: Any, raw: Any, clean: Any) -> None:
    """Read one reply and keep it under its item and the text that the harness will hand over."""
    text, key = getattr(raw, "text", raw), getattr(clean, "text", clean)
    if not isinstance(text, str) or not isinstance(key, str):
        return
    doc = document(model, request)
    read = read_reply(text, int(doc.get("row") or 0), prompt=str(doc.get("prompt") or ""))
    readings.put(str(doc.get("item_id") or ""), key, read)


def document(model: Any, request: Any) -> Mapping[str, Any]:
    """The document of a request; simple and chat requests end in its id, its task and its split."""
    doc_id, task, split = request.args[-3:]
    found: Mapping[str, Any] = model.task_dict[task][split][doc_id]
    return found
