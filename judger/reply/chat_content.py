"""What a back end hands over, as one text; of a chat message in parts its texts and thoughts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from judger.reply.thinking import marked

#: Parts that hold the reply's text, and parts that hold thoughts.
TEXTS = frozenset({"text", "output_text", "refusal"})
THOUGHTS = frozenset({"thinking", "redacted_thinking", "reasoning", "reasoning_text", "thought"})


def joined(parts: Sequence[Any]) -> str | None:
    """The text of parts that are all texts or thoughts, thoughts as a leading block; else None."""
    if not parts or not all(isinstance(part, dict) and "type" in part for part in parts):
        return None
    texts, thoughts = [], []
    for part in parts:
        if part["type"] in THOUGHTS:
            thoughts += list(thoughts_of(part))
        elif part["type"] in TEXTS and isinstance(
            text := part.get("text", part.get("refusal")), str
        ):
            texts.append(text)
        else:
            return None
    return marked("\n".join(thoughts), "\n".join(texts))


def thoughts_of(part: Any) -> Iterator[str]:
    """The texts in a part of thoughts, wherever its provider puts them."""
    stack = [part]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            stack += [
                value[key] for key in ("thinking", "text", "summary", "content") if key in value
            ]
        elif isinstance(value, list):
            stack += reversed(value)


def plain(raw: Any) -> str:
    """One thing that a back end hands over, as a text; TypeError where it is no reply."""
    if raw is None or isinstance(raw, (str, int, float)):
        return "" if raw is None else str(raw)
    if isinstance(raw, list) and (text := joined(raw)) is not None:
        return text
    if isinstance(raw, dict):
        return json.dumps(raw, ensure_ascii=False, default=os.fspath)
    if isinstance(raw, Path):
        return str(raw)
    raise TypeError(f"a {type(raw).__name__}, not a reply")
