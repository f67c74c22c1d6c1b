"""A picture as a judge is shown it: still, or moving (GIF, WebP, APNG) and then like a film."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from pathlib import Path

from PIL import Image

from judger.media.files import BROKEN_PICTURE, MediaError
from judger.media.frames import Frame, Shot, Spent, shots, shrunk, spaced
from judger.media.pixels import pages
from judger.media.truncation import whole_pictures

#: Pixels of all frames, decoded more slowly than a film's: a minute of 1280x720 at 30 a second.
MAX_MOVING_PIXELS = 2_000_000_000


def picture_shots(path: Path, count: int, longest: int) -> list[Shot]:
    """A picture, its longest side at most `longest` pixels; MediaError when broken or too large.

    One that moves is shown as `count` evenly spaced frames of half that side.
    """
    real, frames = _decode(path, {0}, longest)
    if real == 1:
        return [Shot(f"the picture {page}:" if page else "", j) for page, j in frames[0].jpegs]
    _, frames = _decode(path, spaced(real, count), longest // 2)
    return shots(frames, min(real, count), path)


def _decode(path: Path, wanted: Collection[int], longest: int) -> tuple[int, list[Frame]]:
    """How many frames there are (a header's count may lie), and those `wanted`, by their index."""
    chosen: list[Frame] = []
    spent, elapsed = Spent(path, MAX_MOVING_PIXELS), 0.0
    try:
        with whole_pictures(), Image.open(path) as image:
            for index in itertools.count():
                try:
                    image.seek(index)
                except EOFError:  # the end
                    break
                spent.frame(image.width, image.height)
                image.load()
                milliseconds = image.info.get("duration")
                timed = isinstance(milliseconds, (int, float))  # a PNG may hold any text there
                if index in wanted:
                    jpegs = ((page, shrunk(seen, longest)) for page, seen in pages(image, longest))
                    chosen.append(Frame(elapsed if timed else None, tuple(jpegs)))
                elapsed += milliseconds / 1000 if timed else 0.0
    except MediaError:
        raise
    except BROKEN_PICTURE as error:
        raise MediaError(f"broken picture {path}: {error}") from error
    return spent.frames, chosen
