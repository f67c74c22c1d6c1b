"""What an OpenAI-compatible server sends back: completions, errors, and how long to wait.

A server may send anything. What is not what the API says is a ValueError, never half a reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

from judger.judges.verdict import Completion


def read_completion(body: Any) -> Completion:
    """Read a chat or a plain completion; ValueError when the body is neither."""
    try:
        choice = body["choices"][0]
        message = choice.get("message") or {"content": choice.get("text")}
        usage = body.get("usage") or {}
        return Completion(
            text=_text(message.get("content")),
            finish_reason=str(choice.get("finish_reason") or "stop"),
            refusal=_text(message.get("refusal")),
            input_tokens=max(0, int(usage.get("prompt_tokens") or 0)),
            output_tokens=max(0, int(usage.get("completion_tokens") or 0)),
        )
    except (KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a completion: {str(body)[:120]}") from error


def _text(content: Any) -> str:
    """A message's text; some servers send it in parts."""
    if content is None:
        return ""
    if isinstance(content, list):
        return "".join(_text(part["text"]) for part in content if part.get("type") == "text")
    if not isinstance(content, str):
        raise TypeError(f"content of type {type(content).__name__}")
    return content


def said(body: bytes) -> str:
    """What a server's error body says: message and code in the API's own form, else its text."""
    try:
        error = json.loads(body)["error"]
        return f"{error.get('message') or ''} {error.get('code') or ''}".strip()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return body[:2000].decode("utf-8", "replace")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that a server asks to wait (a number or an HTTP date), 0.0 where it does not."""
    value = headers.get("Retry-After", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time()
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return seconds if 0.0 < seconds < 1e9 else 0.0
