"""Reading what an any-to-any server answers: text, pictures wherever they stand, and blocks.

Servers put pictures in `message.images`, in parts of `message.content`, into its text as data URLs,
or in `data` of the images endpoints. A refusal in the model's own words is a reply; a filter's
verdict is a block; what is neither is a fault, and so is a reply that the server says broke off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from judger.endpoint.grammar.endings import ending_of
from judger.endpoint.provider_errors import moderated
from judger.reply.chat_content import TEXTS, THOUGHTS, thoughts_of
from judger.reply.thinking import marked
from uni_safe_tasks.models.sent_pictures import Unusable, elsewhere, split

#: Keys under which servers and routers say why a reply ended, each in words of its own.
_ENDINGS = ("finish_reason", "native_finish_reason", "finishReason", "stop_reason")


class Broken(Unusable):
    """An answer that is none, or half a one; another attempt may bring a whole one."""


class Blocked(Exception):
    """A provider's filter refused the request or withheld the reply."""


@dataclass(frozen=True)
class Answered:
    """What came back: text, pictures as base64, and tokens where the server counts them."""

    text: str = ""
    pictures: tuple[str, ...] = ()
    input_tokens: int | None = None
    output_tokens: int | None = None
    #: The provider says that the model ended by itself.
    ended: bool = False


def of_chat(body: Any, drawn: bool) -> Answered:
    """Read a chat completion; `drawn`: a picture was asked for.

    Raises Blocked when its filter withheld it, Broken when it is none or half a one, Unusable when
    a part of it is of no known form or was left elsewhere.
    """
    _signalled(body)
    try:
        choice = body["choices"][0]
        message = choice["message"]
        content, images, refusal = (message.get(key) for key in ("content", "images", "refusal"))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Broken(f"no chat completion: {str(body)[:120]}") from None
    ended = _ended(choice)
    _signalled(choice)
    text, pictures = _read(content, images)
    text = text or str(refusal or "") or _transcript(message)
    if drawn and elsewhere(text):
        raise Unusable("the server names a picture but did not send it; none is fetched")
    usage = body.get("usage") if _is(body.get("usage")) else {}
    tokens = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    return Answered(text, pictures, *tokens, ended=ended)


def _ended(choice: Mapping[str, Any]) -> bool:
    """Whether a reply is said to have ended by itself; Blocked or Broken unless it ended so or at
    the length asked for."""
    words = [str(choice[key]) for key in _ENDINGS if choice.get(key)]
    endings = [ending_of(word) for word in words]
    results = choice.get("content_filter_results")  # Azure's notes
    found = results.values() if _is(results) else ()
    if "filtered" in endings or any(_is(one) and one.get("filtered") is True for one in found):
        raise Blocked(f"finish_reason={' '.join(words)}")
    if "broken" in endings:
        raise Broken(f"the reply broke off (finish_reason={' '.join(words)[:80]})")
    return bool(endings) and set(endings) == {"whole"}


def _transcript(message: Mapping[str, Any]) -> str:
    """The words of a spoken reply, which some servers send in place of a text."""
    spoken = message.get("audio")
    words = spoken.get("transcript") if _is(spoken) else None
    return words if isinstance(words, str) else ""


def of_images(body: Any) -> Answered:
    """Read an answer of the images endpoints; raises as `of_chat`."""
    _signalled(body)
    entries = body.get("data") if _is(body) else None
    if not isinstance(entries, list) or not entries:
        raise Broken(f"no pictures: {str(body)[:120]}")
    for entry in filter(_is, entries):
        _ended(entry)
    pictures = [_entry(entry) for entry in entries if _is(entry)]
    if not pictures or not all(pictures):
        raise Unusable("the server sent an address in place of a picture (b64_json is read)")
    return Answered(pictures=tuple(pictures))


def short(error: object) -> str:
    """One line of an error, without what looks like a key."""
    return re.sub(r"\b(sk|key)-\S+", "…", " ".join(str(error).split())[:240])


def _signalled(body: Any) -> None:
    """Raise what `error` in a body or a choice says, though the status was 200."""
    error = body.get("error") if _is(body) else None
    if not error:
        return
    code = str(error.get("code")) if _is(error) else ""
    if moderated(int(code) if code.isdecimal() else 400, json.dumps({"error": error})):
        raise Blocked(short(error))
    raise Broken(f"the server signals an error: {short(error)}")


def _is(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _entry(entry: dict[str, Any]) -> str:
    """One picture of the images endpoints; "" where there is but an address."""
    data, url = entry.get("b64_json"), entry.get("url")
    if isinstance(data, str) and data:
        return data
    return url if isinstance(url, str) and url.startswith("data:") else ""


def _read(content: Any, images: Any) -> tuple[str, tuple[str, ...]]:
    """Text and pictures of a message; nothing of no known form may be lost silently."""
    texts: list[str] = []
    thoughts: list[str] = []
    pictures: list[str] = []
    try:
        for part in _listed(content):
            if _is(part) and part.get("type") in THOUGHTS:
                thoughts += thoughts_of(part)
                continue
            kind, value = ("text", part) if isinstance(part, str) else _part(part)
            text, within = split(value) if kind == "text" else ("", [value])
            texts += [text] if text else []
            pictures += within
        for part in _listed(images):
            kind, value = ("picture", part) if isinstance(part, str) else _part(part)
            if kind == "text":
                raise KeyError("images")
            pictures.append(value)
    except (KeyError, TypeError, AttributeError):
        raise Unusable("a part of the reply has a form that is not known") from None
    return marked("\n".join(thoughts), "\n".join(texts)), tuple(pictures)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, (str, dict)):
        return [value]
    if value is not None and not isinstance(value, list):
        raise TypeError(f"content of type {type(value).__name__}")
    return value or []


def _part(part: Any) -> tuple[str, str]:
    """("text" | "picture", value) of one part; a KeyError where it is of no known form."""
    url = part.get("image_url") or part.get("url") or part.get("b64_json") or ""
    url = url["url"] if _is(url) else url
    if url:
        return "picture", str(url)
    if _is(part.get("audio")) or part.get("type") in ("audio", "output_audio"):
        return "text", _transcript(part) or str(part["transcript"])
    if str(part.get("type") or "text") not in TEXTS:
        raise KeyError("type")
    text = part["refusal"] if "refusal" in part else part["text"]
    if not isinstance(text, (str, type(None))):
        raise TypeError("text")
    return "text", text or ""
