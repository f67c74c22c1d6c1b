"""Which frames of a film or a moving picture a judge is shown, in what form, and how many at most.

A header may hold no count of frames (Matroska, WebM) or a wrong one, so what counts is what was
decoded: frames are evenly spaced over those, the first and the last among them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from judger.media import pieces
from judger.media.bounds import MAX_FRAMES, MAX_PIXELS
from judger.media.files import MediaError
from judger.media.pieces import Piece


@dataclass(frozen=True)
class Shot:
    """One picture as it is sent, and what is said before it ("" for a still picture)."""

    words: str
    data: bytes
    form: str = "jpeg"


@dataclass(frozen=True)
class Frame:
    """A frame that was chosen: its time (None: without one), and its JPEGs by page."""

    seconds: float | None
    jpegs: tuple[tuple[str, bytes], ...]


def spaced(total: int, count: int) -> set[int]:
    """Indices of at most `count` frames, evenly spaced over `total`, the first and the last."""
    count = max(0, min(count, total))
    return {round(i * (total - 1) / max(1, count - 1)) for i in range(count)}


def shots(frames: Sequence[Frame], expected: int) -> list[Shot]:
    """The frames with their number and time in words; MediaError unless they are `expected`."""
    if not frames:
        raise MediaError("film without frames")
    if len(frames) != expected:
        raise MediaError(f"{len(frames)} of {expected} frames could be read")
    worded = []
    for index, frame in enumerate(frames, 1):
        time = "" if frame.seconds is None else f", at {frame.seconds:.1f} s"
        for page, jpeg in frame.jpegs:
            where = f", {page}" if page else ""
            worded.append(Shot(f"frame {index} of {len(frames)}{time}{where}:", jpeg))
    return worded


def in_pieces(taken: Sequence[Shot]) -> list[Piece]:
    """Each picture after its words."""
    found: list[Piece] = []
    for shot in taken:
        if shot.words:
            found.append(pieces.words(shot.words))
        found.append(pieces.picture(shot.form, shot.data))
    return found


def shrunk(image: Image.Image, longest: int, quality: int = 90) -> bytes:
    """A JPEG of the picture, longest side at most `longest` pixels: the bound on what is sent."""
    if max(image.size) > longest:
        image = image.copy()
        image.thumbnail((longest, longest))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@dataclass
class Spent:
    """What decoding one file has taken so far; `limit` is pixels of all its frames."""

    limit: int
    frames: int = 0
    pixels: int = 0

    def frame(self, width: int, height: int) -> None:
        """Count one frame; MediaError over a bound."""
        self.frames += 1
        self.pixels += width * height
        if width * height > MAX_PIXELS:
            raise MediaError(f"picture of {width}x{height} is too large")
        if self.frames > MAX_FRAMES:
            raise MediaError(f"more than {MAX_FRAMES} frames")
        if self.frames > 1 and self.pixels > self.limit:
            raise MediaError(f"film of over {self.limit} pixels in all")
