"""Real films, moving pictures and sounds, made on the spot for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.video.stream import VideoStream
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
    pictures: Sequence[Image.Image] = (),
    aspect: tuple[int, int] = (1, 1),
    channels: Sequence[np.ndarray] = (),
) -> Path:
    """A film of grey frames, or of `pictures`; with `loudness` (0 to 1) a sound track of `seconds`.

    `aspect` is that of a pixel; `channels` are two sounds of 16 kHz.
    """
    shown = list(pictures) or greys(frames)
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(CODECS[path.suffix], rate=rate))
        stream.width, stream.height = shown[0].size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(*aspect)
        waves = list(channels)
        if loudness is not None:
            times = np.arange(round((seconds or frames / rate) * 16_000)) / 16_000
            waves = [loudness * np.sin(2 * np.pi * 440 * times)]
        layout = "stereo" if len(waves) == 2 else "mono"
        sound = container.add_stream("aac", rate=16_000, layout=layout) if waves else None
        for picture in shown:
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
        if sound is not None:
            wave = np.stack(waves).astype(np.float32)
            for start in range(0, wave.shape[1], 1024):
                piece = np.ascontiguousarray(wave[:, start : start + 1024])
                heard = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
                heard.sample_rate, heard.pts = 16_000, start
                container.mux(sound.encode(heard))
            container.mux(sound.encode(None))
    return path


def moving(path: Path, frames: Sequence[Image.Image], milliseconds: int = 100) -> Path:
    """A moving picture in the form that the name's end stands for."""
    exact: dict[str, Any] = {"lossless": True} if path.suffix == ".webp" else {}
    first, *rest = frames
    first.save(path, save_all=True, append_images=rest, duration=milliseconds, **exact)
    return path


def greys(count: int) -> list[Image.Image]:
    """`count` grey pictures, each known by its grey."""
    return [Image.new("RGB", (SIDE, SIDE), (grey(i),) * 3) for i in range(count)]
