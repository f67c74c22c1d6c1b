"""Frames of a film: for models that take pictures only, and for people who look at films."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image

MOST_FRAMES = 1200


def frames(path: Path | str, n: int) -> list[Image.Image]:
    """`n` evenly spaced frames of a film, RGB: the middles of n equal stretches.

    Raises:
        ValueError: `n` is not 1..64; the file has no pictures, is not a film, or has over 1200
            frames; names the file.
        OSError: the file cannot be read.
    """
    if not 1 <= n <= 64:
        raise ValueError(f"{path}: between 1 and 64 frames can be taken, not {n}")
    kept: list[av.VideoFrame] = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ValueError(f"{path}: there are no pictures in it")
            for frame in container.decode(video=0):
                kept.append(frame)
                if len(kept) > MOST_FRAMES:
                    raise ValueError(f"{path}: has over {MOST_FRAMES} frames")
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise ValueError(f"{path}: not a film that FFmpeg reads") from error
    if not kept:
        raise ValueError(f"{path}: there are no pictures in it")
    wanted = [(2 * i + 1) * len(kept) // (2 * n) for i in range(n)]
    return [Image.fromarray(kept[at].to_ndarray(format="rgb24")) for at in wanted]
