"""Small pictures of files for people to look at, made by the same processes as everything else."""

from __future__ import annotations

from pathlib import Path

from judger.media.files import MediaKind, facts_of
from judger.media.kept import Kept
from judger.media.pieces import unpacked
from judger.media.pool import decoded

QUALITY = 40


def thumb(path: Path, kind: MediaKind, side: int, kept: Kept | None = None) -> str:
    """A WebP of a picture or film as a data URI, its longest side at most `side` pixels.

    Raises MediaError when it cannot be decoded, OSError when it cannot be opened.
    """
    facts = facts_of(path)
    form = f"webp {kind} {side} {QUALITY}"
    pieces = kept.get(facts.sha256, form) if kept else None
    if pieces is None:
        request = {"job": "thumb", "side": side, "quality": QUALITY}
        pieces = unpacked(decoded(facts, kind, request), hashed=False)
        if kept:
            kept.put(facts.sha256, form, pieces)
    (picture,) = pieces
    return f"data:{picture.form};base64,{picture.text}"


def picture_format(path: Path) -> str:
    """The format ("PNG") of a picture that can be decoded; raises as `thumb`."""
    (word,) = unpacked(decoded(facts_of(path), "image", {"job": "look"}), hashed=False)
    return word.text
