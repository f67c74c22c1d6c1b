"""Small pictures of a run's media as data URIs, within a budget of bytes for the whole file.

Paths come from files that others wrote: only files below `roots` are opened, sizes are bounded
before anything is decoded, and what cannot be shown is said in words.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from PIL import Image

from judger.media.files import MAX_PIXELS, MediaError, checked, media_kind, open_image

#: A report stays small enough to be mailed: this many bytes of pictures, base64 included.
BUDGET = 8 * 1024 * 1024


@dataclass(frozen=True)
class Thumb:
    """A picture as a data URI, or "" with the reason why there is none."""

    source: str
    label: str


class Thumbs:
    """Makes thumbnails until the budget is spent; `skipped` counts those left out for it."""

    def __init__(self, roots: Sequence[Path], budget: int = BUDGET) -> None:
        self.roots, self.left, self.skipped = tuple(roots), budget, 0
        self._made: dict[tuple[str, int], Thumb] = {}

    def of(self, path: str, longest: int) -> Thumb:
        """The thumbnail of a file, longest side at most `longest` pixels. Never raises."""
        if (path, longest) not in self._made:
            self._made[path, longest] = self._new(path, longest)
        return self._made[path, longest]

    def _new(self, path: str, longest: int) -> Thumb:
        name = Path(path).name[:120]
        kind = media_kind(path)
        if kind == "audio":
            return Thumb("", f"a recording: {name}")
        if self.left <= 0:
            self.skipped += 1
            return Thumb("", f"{name}: left out, the report would grow too large")
        try:
            real = checked(path, self.roots)
            picture = open_image(real) if kind == "image" else _frame(real)
        except MediaError as error:
            return Thumb("", f"{name}: {str(error).replace(path, name)[:160]}")
        picture.thumbnail((longest, longest))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=65)
        source = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
        self.left -= len(source)
        return Thumb(source, name if kind == "image" else f"a film: {name}")


def _frame(path: Path) -> Image.Image:
    """A key frame near the middle of a film; MediaError when there is none."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            if stream.width * stream.height > MAX_PIXELS:
                raise MediaError(f"film of {stream.width}x{stream.height} is too large")
            if container.duration:
                container.seek(container.duration // 2)
            for frame in container.decode(stream):
                return frame.to_image()
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise MediaError(f"broken film: {error}") from error
    raise MediaError("film without frames")
