"""What a file becomes for a judge, in pieces: words, pictures, sounds, films, ready to be sent.

All but the words are base64 already. In bytes (between processes, and in the cache's folder)
they are one line of JSON, which says what follows, how long it is and its hash, and then that.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal, cast

Kind = Literal["text", "image", "audio", "video"]
#: What is said of a film's sound to a judge that cannot hear it.
UNHEARD = "(the film has a sound track that you are not given)"
_KINDS = ("text", "image", "audio", "video")
#: Bytes of the line in front of the pieces: a film is a few hundred frames at most.
_LONGEST_LINE = 1024 * 1024
_FORM = re.compile(r"[A-Za-z0-9.+/-]*")


@dataclass(frozen=True)
class Piece:
    """Words, or a medium: `form` is a picture's or film's MIME type or a sound's name ("wav").

    `data` is UTF-8, or base64.
    """

    kind: Kind
    form: str
    data: bytes

    @functools.cached_property
    def sha256(self) -> str:
        """The hash of `data`."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """The words, or the base64."""
        return str(self.data, "utf-8")


def words(text: str) -> Piece:
    """A piece of text."""
    return Piece("text", "", text.encode())


def picture(form: str, data: bytes) -> Piece:
    """A picture's file as a piece; `form` is "png", "jpeg" or "webp"."""
    return Piece("image", f"image/{form}", base64.b64encode(data))


def named_picture(mime_type: str, data: bytes) -> Piece:
    """A picture's file as a piece, called what its name says."""
    return Piece("image", mime_type, base64.b64encode(data))


def sound(data: bytes) -> Piece:
    """A WAV file as a piece."""
    return Piece("audio", "wav", base64.b64encode(data))


def film(mime_type: str, data: bytes) -> Piece:
    """A film's file as a piece."""
    return Piece("video", mime_type, base64.b64encode(data))


def packed(pieces: Sequence[Piece], hashed: bool = True) -> list[bytes]:
    """The pieces as bytes, in parts that are written one after the other.

    `hashed`: with the hash of each, for bytes that are kept and may be others when they come back.
    """
    rows = [[p.kind, p.form, len(p.data), p.sha256 if hashed else ""] for p in pieces]
    return [json.dumps(rows).encode() + b"\n", *(piece.data for piece in pieces)]


def unpacked(data: bytes | bytearray, hashed: bool = True) -> tuple[Piece, ...]:
    """The pieces of bytes that were `packed` so; ValueError where they are none, or no longer."""
    line = data[: data.find(b"\n") + 1]
    rows = _rows(line, len(data) - len(line))
    pieces, body, place = [], memoryview(data), len(line)
    for row in rows:
        pieces.append(row.piece(bytes(body[place : place + row.size]), hashed))
        place += row.size
    return tuple(pieces)


def unpacked_from(file: BinaryIO, size: int) -> tuple[Piece, ...]:
    """The same of a file of `size` bytes, with hashes: each piece is read into its own place, where
    a copy of it would take half as long as all the rest."""
    line = file.readline(_LONGEST_LINE)
    return tuple(row.piece(file.read(row.size)) for row in _rows(line, size - len(line)))


@dataclass(frozen=True)
class _Row:
    """What the line in front says of one piece."""

    kind: Kind
    form: str
    size: int
    sha256: str

    def piece(self, data: bytes, hashed: bool = True) -> Piece:
        """The piece that these bytes are; ValueError where they are not those that were packed."""
        piece = Piece(self.kind, self.form, data)
        if self.sha256 != (piece.sha256 if hashed else ""):
            raise ValueError("a piece that is not what was packed")
        _demand_sendable(piece)
        return piece


def _rows(line: bytes | bytearray, rest: int) -> list[_Row]:
    """What the line says, if it is one and tells of just so many bytes behind it."""
    rows = json.loads(line) if line.endswith(b"\n") else None
    if not isinstance(rows, list):
        raise ValueError("no pieces")
    found = []
    for kind, form, size, sha256 in rows:
        if kind not in _KINDS or not isinstance(form, str):
            raise ValueError("a piece of no known kind")
        if not isinstance(size, int) or not 0 <= size <= rest or not _FORM.fullmatch(form):
            raise ValueError("a piece of no known form or size")
        found.append(_Row(cast(Kind, kind), form, size, sha256))
    if sum(row.size for row in found) != rest:
        raise ValueError("pieces that are not whole")
    return found


def _demand_sendable(piece: Piece) -> None:
    """ValueError for words that are no UTF-8, and for a medium that would leave its place in JSON:
    a decoder that was taken over must not write a question."""
    if piece.kind == "text":
        piece.data.decode()
    elif not piece.data.isascii() or b'"' in piece.data or b"\\" in piece.data:
        raise ValueError("a medium that is no base64")
