"""What can be asked of a decoder: a medium as a judge is shown it, a small picture, a look.

The decoders of films and sounds are loaded when the first of them comes: most runs have pictures.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from judger.media import pieces
from judger.media.decode.frames import in_pieces
from judger.media.decode.picture import first_picture, picture_shots
from judger.media.pieces import Piece


def done(data: bytes, request: Mapping[str, Any]) -> list[bytes]:
    """A request's answer in parts of bytes; MediaError for what cannot be decoded."""
    return pieces.packed(_JOBS[request["job"]](data, request), hashed=False)


def _show(data: bytes, request: Mapping[str, Any]) -> list[Piece]:
    """All that a judge is shown of a medium."""
    kind, side, count = request["kind"], request["side"], request["frames"]
    if kind == "image":
        return in_pieces(picture_shots(data, count, side))
    if kind == "video":
        from judger.media.decode.film import film_pieces

        return film_pieces(data, count, side // 2, request["hears"], request.get("films", False))
    from judger.media.decode.sound import sound_pieces

    return sound_pieces(data)


def _thumb(data: bytes, request: Mapping[str, Any]) -> list[Piece]:
    """One small WebP of a picture or a film: two thirds of what a JPEG needs at this size."""
    if request["kind"] == "video":
        from judger.media.decode.film import middle_frame

        image = middle_frame(data)
    else:
        image = first_picture(data)[1]
    image.thumbnail((request["side"], request["side"]))
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "WEBP", quality=request["quality"])
    return [pieces.picture("webp", buffer.getvalue())]


def _look(data: bytes, request: Mapping[str, Any]) -> list[Piece]:
    """The format of a picture that can be decoded."""
    return [pieces.words(first_picture(data)[0])]


_JOBS = {"show": _show, "thumb": _thumb, "look": _look}
