"""Real films, moving pictures and sounds, made on the spot for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image

CODECS = {
    ".mp4": "mpeg4",
    ".mov": "mpeg4",
    ".avi": "mpeg4",
    ".mkv": "mpeg4",
    ".webm": "libvpx-vp9",
}
SIDE = 64


def grey(index: int) -> int:
    """The grey of frame `index`: by it a frame is known again, 0 to 255."""
    return 10 * index


def film(
    path: Path,
    frames: int = 20,
    rate: int = 10,
    loudness: float | None = None,
    seconds: float | None = None,
) -> Path:
    """A film of grey frames; with `loudness` (0 to 1) a sound track of `seconds`."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(CODECS[path.suffix], rate=rate)
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        sound = (
            None if loudness is None else container.add_stream("aac", rate=16_000, layout="mono")
        )
        for index in range(frames):
            pixels = np.full((SIDE, SIDE, 3), grey(index), np.uint8)
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if sound is not None and loudness is not None:
            times = np.arange(round((seconds or frames / rate) * 16_000)) / 16_000
            wave = (loudness * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
            for start in range(0, len(wave), 1024):
                piece = np.ascontiguousarray(wave[None, start : start + 1024])
                heard = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
                heard.sample_rate, heard.pts = 16_000, start
                container.mux(sound.encode(heard))
            container.mux(sound.encode(None))
    return path


def moving(path: Path, frames: Sequence[Image.Image], milliseconds: int = 100) -> Path:
    """A moving picture in the form that the name's end stands for."""
    exact = {"lossless": True} if path.suffix == ".webp" else {}
    first, *rest = frames
    first.save(path, save_all=True, append_images=rest, duration=milliseconds, **exact)
    return path


def greys(count: int) -> list[Image.Image]:
    """`count` grey pictures, each known by its grey."""
    return [Image.new("RGB", (SIDE, SIDE), (grey(i),) * 3) for i in range(count)]
