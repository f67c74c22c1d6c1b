"""Files as the content of a judge's message: pictures, frames with their times, sounds, films."""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from judger.contract.item import Item
from judger.contract.settings import Settings
from judger.media.at_hand import taken
from judger.media.encoded import Encoded
from judger.media.files import (
    FileFacts,
    MediaError,
    MediaKind,
    RequestMediaError,
    facts_of,
    facts_of_own,
)
from judger.media.kept import Kept
from judger.media.pieces import Piece, named_picture, unpacked
from judger.media.pool import decoded
from judger.media.single_flight import Once
from judger.media.thumb import picture_format

Content = dict[str, Any]

#: Bytes of encoded files that are kept: both axes and a re-ask show the same file.
KEPT = 128 * 1024 * 1024


def media_of(item: Item, settings: Settings) -> list[Content]:
    """The request's media as far as the judge takes them; RequestMediaError as in `of_request`."""
    media: list[Content] = []
    if item.image and "image" in settings.modalities:
        media += of_request(item.image, "image", settings)
    if item.video and "image" in settings.modalities:
        media += of_request(item.video, "video", settings)
    if item.audio and "audio" in settings.modalities:
        media += of_request(item.audio, "audio", settings)
    return media


def of_request(path: str | Path, kind: str, settings: Settings) -> list[Content]:
    """A file of the request as message content, made once on this machine for all models.

    RequestMediaError when it is missing or broken.
    """
    try:
        return _content(facts_of_own(path), kind, settings, settings.cache_dir)
    except (MediaError, OSError) as error:
        raise RequestMediaError(f"the request's own {kind}: {error}") from error


def encode(path: Path, kind: str, settings: Settings, sha256: str = "") -> list[Content]:
    """A file as message content, scaled to the stated bounds; frames carry their time in words.

    MediaError when it is broken, over a bound, or not the one whose hash is `sha256`; OSError when
    it is not there; MachineError when this machine cannot open or decode it; NotAtHand where it
    would have to be made and whoever asks cannot wait.
    """
    facts = facts_of(path)
    if sha256 not in ("", facts.sha256):
        raise MediaError(f"file that was changed since it was read: {path}")
    return _content(facts, kind, settings, None)


def unchanged(path: Path, sha256: str = "") -> list[Content]:
    """A picture as message content in its own bytes, called what its name says; raises as `encode`.

    It is decoded all the same: what cannot be opened is never sent.
    """
    facts = facts_of(path)
    picture_format(path)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != facts.sha256 or sha256 not in ("", facts.sha256):
        raise MediaError(f"file that was changed since it was read: {path}")
    form = mimetypes.guess_type(path.name)[0] or "image/jpeg"
    return [_part(named_picture(form, data))]


def _content(facts: FileFacts, kind: str, settings: Settings, kept: Path | None) -> list[Content]:
    # By what the file holds, not by its name: back ends give the next picture the same one.
    hears = "audio" in settings.modalities
    films = kind == "video" and "video" in settings.modalities
    form = (settings.image_side, settings.video_frames, hears, films)
    key = (facts.sha256, kind, *form)
    if (ready := _encoded.ready(key)) is not None:
        return list(ready)
    known = _known(kept, key)
    if known is not None:
        _encoded.offer(key, known)
        return list(known)
    make = functools.partial(_encoded.get, key, functools.partial(_made, facts, key, kept))
    return list(taken(" ".join(map(str, key)), make))


#: A file's hash, its kind, and the form in which it is shown.
_Key = tuple[str, str, int, int, bool, bool]


def _known(kept: Path | None, key: _Key) -> tuple[Content, ...] | None:
    """What was kept of a file in this form by an earlier run."""
    pieces = None if kept is None else _kept(kept).get(key[0], _form(key))
    return None if pieces is None else _as_content(pieces)


def _made(facts: FileFacts, key: _Key, kept: Path | None) -> tuple[Content, ...]:
    if (known := _known(kept, key)) is not None:  # by another process, meanwhile
        return known
    _, kind, side, frames, hears, films = key
    request = {"job": "show", "side": side, "frames": frames, "hears": hears, "films": films}
    pieces = unpacked(decoded(facts, cast(MediaKind, kind), request), hashed=False)
    if kept is not None:
        _kept(kept).put(facts.sha256, _form(key), pieces)
    return _as_content(pieces)


def _form(key: _Key) -> str:
    return " ".join(map(str, key[1:]))


@functools.lru_cache(maxsize=4)
def _kept(folder: Path) -> Kept:
    return Kept(folder)


def _as_content(pieces: Sequence[Piece]) -> tuple[Content, ...]:
    """Pieces as the parts of a chat message."""
    return tuple(map(_part, pieces))


def _part(piece: Piece) -> Content:
    if piece.kind == "text":
        return {"type": "text", "text": piece.text}
    if piece.kind == "audio":
        heard = Encoded("", piece.data, piece.sha256)
        return {"type": "input_audio", "input_audio": {"data": heard, "format": piece.form}}
    url = Encoded(f"data:{piece.form};base64,", piece.data, piece.sha256)
    # A film as vLLM and SGLang take it; the plain API has no such part.
    part = "video_url" if piece.kind == "video" else "image_url"
    return {"type": part, part: {"url": url}}


def _size(content: tuple[Content, ...]) -> int:
    """Bytes of the longest texts in it, the encoded files; the rest does not count beside them."""
    urls = ("image_url", "video_url")
    pictures = (c[c["type"]]["url"] for c in content if c["type"] in urls)
    sounds = (c["input_audio"]["data"] for c in content if c["type"] == "input_audio")
    return sum(map(len, (*pictures, *sounds)))


_encoded: Once[tuple[Content, ...]] = Once(_size, KEPT)
