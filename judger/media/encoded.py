"""A request's body as it is sent, without its media being read again for each question.

A picture in a message is a long text that JSON need not escape and that was hashed before. So the
rest is written as JSON, and the media are put in their places: as bytes that are there already, of
which no question makes a copy.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Stands where a medium will, in a process's own words: no reply can know it.
_PLACE = f"medium {secrets.token_hex(16)}"


@dataclass(frozen=True)
class Encoded:
    """The text of a medium in a message: `head`, then `data`, base64 whose hash is `sha256`.

    No text to Python, so that nothing but `body_of` can write it as JSON. Both hold nothing that
    JSON escapes.
    """

    head: str
    data: bytes = field(repr=False)
    sha256: str

    @property
    def name(self) -> str:
        """A short name of exactly this text."""
        return f"{self.head}sha256:{self.sha256}"

    @property
    def text(self) -> str:
        """The whole text."""
        return self.head + self.data.decode()

    def __len__(self) -> int:
        return len(self.head) + len(self.data)


def spelled(medium: object) -> str:
    """For `json.dumps(…, default=spelled)`: a medium as its whole text."""
    if not isinstance(medium, Encoded):
        raise TypeError(f"{type(medium).__name__} in a request")
    return medium.text


@dataclass(frozen=True)
class Body:
    """A request's JSON, whole or in parts, and the same with the names of its media: what tells it
    from others."""

    sent: bytes | tuple[bytes, ...]
    named: bytes


def body_of(asked: Mapping[str, Any]) -> Body:
    """The JSON of a request."""
    media: list[Encoded] = []

    def place(medium: object) -> str:
        if not isinstance(medium, Encoded):
            raise TypeError(f"{type(medium).__name__} in a request")
        media.append(medium)
        return _PLACE

    text = json.dumps(asked, sort_keys=True, separators=(",", ":"), default=place)
    if not media:
        body = text.encode()
        return Body(body, body)
    first, *rest = text.split(_PLACE)
    sent, named, before = [], [first], first
    for medium, after in zip(media, rest, strict=True):
        sent += [f"{before}{medium.head}".encode(), medium.data]
        named += [medium.name, after]
        before = after
    return Body((*sent, before.encode()), "".join(named).encode())
