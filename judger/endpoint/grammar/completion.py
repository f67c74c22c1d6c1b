"""Reading what an OpenAI-compatible server answers with status 200: a completion, or none.

The grammar stands in docs/judge.md ("The grammar of an accepted answer"). A server may send
anything. What is not in the grammar is a ValueError, and never half a reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from judger.endpoint.grammar.endings import ending_of
from judger.endpoint.grammar.signalled import ErrorInside, signalled
from judger.endpoint.grammar.strict_json import loads, valid_text
from judger.reply.thinking import visible_reply

#: Parts of a message that hold its text, and those that hold thoughts, which are not read.
_TEXTS = frozenset({"text", "output_text"})
_THOUGHTS = frozenset({"thinking", "redacted_thinking", "reasoning", "reasoning_text"})


@dataclass(frozen=True)
class Completion:
    """A judge's answer: its text without a leading think block, and how it came about.

    `finish_reason` is the server's word ("" where it sends none), `refusal` what a provider says
    in place of an answer. `model` and `fingerprint` name what really answered, "" where the server
    does not say; the token counts are None where it does not say those.
    """

    text: str
    finish_reason: str = "stop"
    refusal: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    model: str = ""
    fingerprint: str = ""

    @property
    def served(self) -> str:
        """The model and build that answered, as the response names them."""
        return f"{self.model} {self.fingerprint}".strip()


def read_body(content: bytes) -> Completion:
    """Read the bytes of a body; ErrorInside where it tells of one, ValueError as below."""
    body = loads(content)
    if (error := signalled(body)) is not None:
        raise ErrorInside(error)
    return read_completion(body)


def read_completion(body: Any) -> Completion:
    """Read a chat or a plain completion; ValueError when the body is neither.

    A completion whose ending is unknown or says that the server broke off is a ValueError too. One
    that was cut off or filtered is returned, since its `finish_reason` has an outcome of its own.
    """
    try:
        return _read(body)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a completion: {str(body)[:120]}") from error


def _read(body: Any) -> Completion:
    made = body.get("object")
    if made and not str(made).lower().endswith("completion"):
        raise TypeError("object")
    [choice] = _listed(body["choices"], 1)
    if choice.get("index") not in (None, 0) or choice.get("delta"):
        raise TypeError("choice")
    words = [_word(choice.get(key)) for key in ("finish_reason", "native_finish_reason")]
    finish = next((word for word in words if ending_of(word) != "whole"), words[0])
    if ending_of(finish) == "broken":
        raise ValueError(f"the answer ended with finish_reason {finish[:60]!r}, which is not whole")
    if _filters(choice.get("content_filter_results")):
        finish = "content_filter"
    text, refusal = _message(choice)
    usage = body.get("usage") or {}
    return Completion(
        text=visible_reply(text),
        finish_reason=finish,
        refusal=refusal,
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_count(usage.get("completion_tokens")),
        model=_word(body.get("model"))[:200],
        fingerprint=_word(body.get("system_fingerprint"))[:200],
    )


def _listed(value: Any, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise TypeError("list")
    return value


def _word(value: Any) -> str:
    """A word that a server may leave out; TypeError for anything but a text."""
    if value is not None and not isinstance(value, str):
        raise TypeError("word")
    return " ".join(valid_text(value or "").split())


def _message(choice: Mapping[str, Any]) -> tuple[str, str]:
    """(text, refusal) of a choice: of its `message`, or its `text` where it is a plain one."""
    message, text = choice.get("message"), choice.get("text")
    if (message is None) == (text is None):
        raise TypeError("message")
    if message is None:
        return _text(text)
    if message.get("role") not in (None, "assistant"):
        raise TypeError("role")
    if message.get("tool_calls") or message.get("function_call"):
        raise TypeError("a judge is offered no tools")
    text, refused = _text(message.get("content"))
    return text, _word(message.get("refusal")) or refused


def _text(content: Any) -> tuple[str, str]:
    """(text, refusal) of a message's content, which some servers send in parts."""
    if content is None or isinstance(content, str):
        return valid_text(content or ""), ""
    texts, refusals = [], []
    for part in _listed(content, len(content)):
        kind = part.get("type")
        if kind in _TEXTS:
            texts.append(part["text"])
        elif kind == "refusal":
            refusals.append(part["refusal"])
        elif kind not in _THOUGHTS:
            raise TypeError("part")
    return valid_text("".join(texts)), _word("".join(refusals))


def _filters(results: Any) -> bool:
    """Whether Azure's annotations say that a filter held the answer back."""
    found = results.values() if isinstance(results, dict) else ()
    return any(isinstance(one, dict) and one.get("filtered") is True for one in found)


def _count(value: Any) -> int | None:
    """A number of tokens; TypeError for what is no whole number from 0 on."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError("tokens")
    if not 0 <= value < 2**53 or value != int(value):
        raise TypeError("tokens")
    return int(value)
