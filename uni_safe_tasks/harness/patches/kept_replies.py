"""A reply as lmms-eval's cache keeps it for our tasks: with what was read of it, files by hash.

A kept reply counts as not there, and is generated again, when it is a fault that may pass, or when
one of its files is gone or is another one by now: recipes name files by task and document, so the
next run, or the next model, writes over them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from judger.media.files import default_roots
from judger.reply.read import read_reply
from judger.reply.readings import readings
from judger.reply.reply import NotKept, Reply

#: Outcomes that a later attempt may turn into a reply.
PASSING = frozenset({"target_error", "no_output", "unsupported", "judge_error"})
_FORM = "uni_safe_reply"


def kept(response: Any, doc: Mapping[str, Any]) -> Any:
    """What the cache is given in place of a raw reply."""
    if not isinstance(response, str):
        return response
    reply = readings.get(str(doc.get("item_id")), response)
    reply = reply if reply is not None else _read(response, doc)
    return {_FORM: 1, "raw": response, "reply": reply.to_json()}


def taken_out(stored: str, doc: Mapping[str, Any]) -> Any:
    """The raw reply of what the cache holds (JSON); None where it must be generated again."""
    try:
        found = json.loads(stored)
    except (ValueError, RecursionError):
        return None
    form = found if isinstance(found, dict) and _FORM in found else {"raw": found}
    raw = form["raw"]
    if not isinstance(raw, str) or (reply := _good(raw, form.get("reply"), doc)) is None:
        return None
    if "item_id" in doc:
        readings.put(str(doc["item_id"]), raw, reply)
    return raw


def _good(raw: str, kept_reply: Any, doc: Mapping[str, Any]) -> Reply | None:
    """What was read of a kept reply; None where it is not to be used."""
    try:
        reply = Reply.from_json(kept_reply, raw).found(default_roots())
    except NotKept:  # by an earlier version, or by a run that was killed
        reply = _read(raw, doc)
        if reply.files:
            return None  # nobody knows whether these are the files that were meant
    return None if reply.fault in PASSING else reply


def _read(raw: str, doc: Mapping[str, Any]) -> Reply:
    return read_reply(raw, int(doc.get("row") or 0), prompt=str(doc.get("prompt") or ""))
