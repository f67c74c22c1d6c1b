"""Reading what an any-to-any server answers: text, pictures wherever they stand, and blocks.

Servers put pictures in `message.images`, in parts of `message.content`, into its text as data URLs,
or in `data` of the images endpoints. A refusal in the model's own words is a reply; a filter's
verdict is a block; what is neither is a fault, and so is a reply that the server says broke off.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, TypeGuard

from judger.endpoint.provider_errors import moderated
from uni_safe_tasks.models.pictures import Unusable, elsewhere, split

#: Reasons to finish (OpenRouter, vLLM and SGLang, DeepSeek) after which half a reply is there.
_BROKEN_OFF = {"error", "abort", "aborted", "cancelled", "insufficient_system_resource"}
#: Gemini's reasons, which routers hand on beside their own.
_NATIVE_BLOCK = re.compile(r"SAFETY|PROHIBITED_CONTENT|BLOCKLIST|SPII|content_filter", re.I)
_TEXTS = {"text", "output_text", "refusal"}


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


def of_chat(body: Any, drawn: bool) -> Answered:
    """Read a chat completion; `drawn`: a picture was asked for.

    Raises Blocked when its filter withheld it, Broken when it is none or half a one, Unusable when
    a part of it is of no known form or was left elsewhere.
    """
    _signalled(body)
    try:
        choice = body["choices"][0]
        message, finish = choice["message"], str(choice.get("finish_reason"))
        content, images, refusal = (message.get(key) for key in ("content", "images", "refusal"))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Broken(f"no chat completion: {str(body)[:120]}") from None
    if finish == "content_filter" or _NATIVE_BLOCK.search(str(choice.get("native_finish_reason"))):
        raise Blocked(f"finish_reason={finish} {choice.get('native_finish_reason') or ''}".strip())
    _signalled(choice)
    if finish in _BROKEN_OFF:
        raise Broken(f"the reply broke off (finish_reason={finish})")
    text, pictures = _read(content, images)
    text = (text or str(refusal or "")).encode("utf-8", "replace").decode()  # half a pair: "?"
    if drawn and elsewhere(text):
        raise Unusable("the server names a picture but did not send it; none is fetched")
    usage = body.get("usage") if _is(body.get("usage")) else {}
    return Answered(
        text, pictures, _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    )


def of_images(body: Any) -> Answered:
    """Read an answer of the images endpoints; raises as `of_chat`."""
    _signalled(body)
    entries = body.get("data") if _is(body) else None
    if not isinstance(entries, list) or not entries:
        raise Broken(f"no pictures: {str(body)[:120]}")
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
    pictures: list[str] = []
    try:
        for part in _listed(content):
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
    return "\n".join(texts), tuple(pictures)


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
    if str(part.get("type") or "text") not in _TEXTS:
        raise KeyError("type")
    text = part["refusal"] if "refusal" in part else part["text"]
    if not isinstance(text, (str, type(None))):
        raise TypeError("text")
    return "text", text or ""
