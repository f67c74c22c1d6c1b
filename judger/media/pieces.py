"""What a file becomes for a judge, in pieces: words, pictures and sounds, ready to be sent.

The pictures and sounds are base64 already. In bytes (between processes, and in the cache's folder)
they are one line of JSON, which says what follows and how long it is, and then that.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["text", "image", "audio"]
#: What is said of a film's sound to a judge that cannot hear it.
UNHEARD = "(the film has a sound track that you are not given)"
_KINDS = ("text", "image", "audio")


@dataclass(frozen=True)
class Piece:
    """Words, or a medium: `form` is a picture's MIME type or a sound's name ("wav")."""

    kind: Kind
    form: str
    data: str


def words(text: str) -> Piece:
    """A piece of text."""
    return Piece("text", "", text)


def picture(form: str, data: bytes) -> Piece:
    """A picture's file as a piece; `form` is "png", "jpeg" or "webp"."""
    return Piece("image", f"image/{form}", base64.b64encode(data).decode("ascii"))


def sound(data: bytes) -> Piece:
    """A WAV file as a piece."""
    return Piece("audio", "wav", base64.b64encode(data).decode("ascii"))


def packed(pieces: Sequence[Piece]) -> list[bytes]:
    """The pieces as bytes, in parts that are written one after the other."""
    bodies = [piece.data.encode() for piece in pieces]
    rows = [[p.kind, p.form, len(b)] for p, b in zip(pieces, bodies, strict=True)]
    return [json.dumps(rows).encode() + b"\n", *bodies]


def unpacked(data: bytes) -> tuple[Piece, ...]:
    """The pieces of `packed` bytes; ValueError where they are none."""
    head, found, body = data.partition(b"\n")
    rows = json.loads(head) if found else None
    pieces, place = [], 0
    if not isinstance(rows, list):
        raise ValueError("no pieces")
    for row in rows:
        kind, form, size = row
        if kind not in _KINDS or not isinstance(form, str) or not isinstance(size, int):
            raise ValueError("a piece of no known kind")
        pieces.append(Piece(cast(Kind, kind), form, body[place : place + size].decode()))
        place += size
    if place != len(body):
        raise ValueError("pieces that are not whole")
    return tuple(pieces)
