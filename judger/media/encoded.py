"""A request's body as it is sent, without its media being read again for each question.

A picture in a message is a long text that JSON need not escape and that was hashed before. So the
rest is written as JSON, and the media are put in their places.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Stands where a medium will, in a process's own words: no reply can know it.
_PLACE = f"medium {secrets.token_hex(16)} "
_DIGITS = 6


class Encoded(str):
    """The text of a medium in a message, base64 in ASCII, and a short name of exactly this text."""

    name: str

    @classmethod
    def of(cls, head: str, data: str, sha256: str) -> Encoded:
        """`head` and then `data`, whose hash is `sha256`."""
        made = cls(head + data)
        made.name = f"{head}sha256:{sha256}"
        return made


@dataclass(frozen=True)
class Body:
    """A request's JSON, and the same with the names of its media: what tells it from others."""

    sent: bytes
    named: bytes


def body_of(asked: Mapping[str, Any]) -> Body:
    """The JSON of a request."""
    media: list[Encoded] = []
    short = _short(asked, media)
    text = json.dumps(short, sort_keys=True, separators=(",", ":"))
    if not media:
        body = text.encode()
        return Body(body, body)
    first, *rest = text.split(_PLACE)
    sent, named = [first], [first]
    for piece in rest:
        medium = media[int(piece[:_DIGITS])]
        sent += [medium, piece[_DIGITS:]]
        named += [medium.name, piece[_DIGITS:]]
    return Body("".join(sent).encode(), "".join(named).encode())


def _short(value: Any, media: list[Encoded]) -> Any:
    """The same value, its media by their places in the list."""
    form = type(value)
    if form is dict:
        return {key: _short(one, media) for key, one in value.items()}
    if form is list:
        return [_short(one, media) for one in value]
    if form is Encoded:
        media.append(value)
        return f"{_PLACE}{len(media) - 1:0{_DIGITS}d}"
    return value
