"""Pictures and films as models make them: no two alike, of the size and detail of real ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

#: So many different scenes; files beyond them differ in a note, which no decoder can know.
SCENES = 10


def pictures(folder: Path, count: int, side: int, form: str, by: str = "a model") -> Iterator[Path]:
    """Files of `side` x `side` pixels; a PNG of 1024 x 1024 has about 1.9 MB."""
    made = [_file(scene(seed, side), form) for seed in range(min(SCENES, count))]
    for n in range(count):
        path = folder / f"{n:06d}.{form}"
        path.write_bytes(_noted(made[n % len(made)], form, f"picture {n} of {by}".encode()))
        yield path


def films(folder: Path, count: int) -> Iterator[Path]:
    """H.264 films of 5 s, 480 x 360 at 25 frames a second."""
    made = [_film(folder / f"scene {seed}.mp4", seed) for seed in range(min(SCENES, count))]
    for n in range(count):
        path, note = folder / f"{n:06d}.mp4", f"film {n}".encode()
        path.write_bytes(made[n % len(made)] + struct.pack(">I4s", 8 + len(note), b"free") + note)
        yield path


def _film(path: Path, seed: int) -> bytes:
    """A view that wanders over a scene."""
    import av  # the other lines are measured without it

    still = np.asarray(scene(seed, 720))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 480, 360, "yuv420p"
        for index in range(125):
            left, top = (2 * index) % 240, index
            shown = np.ascontiguousarray(still[top : top + 360, left : left + 480])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shown, format="rgb24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def scene(seed: int, side: int) -> Image.Image:
    """Soft shapes under the fine grain that drawn pictures have."""
    random = np.random.default_rng(seed)
    soft = Image.fromarray(random.integers(0, 256, (24, 24, 3), dtype=np.uint8))
    shapes = np.asarray(soft.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32)
    grain = random.normal(0.0, 4.5, (side, side, 1)) + random.normal(0.0, 1.0, (side, side, 3))
    return Image.fromarray((shapes + grain).clip(0, 255).astype(np.uint8))


def _file(image: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    if form == "png":
        image.save(buffer, "PNG")
    else:
        image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _noted(data: bytes, form: str, note: bytes) -> bytes:
    """The same picture in another file."""
    if form == "png":
        body = b"tEXt" + b"note\0" + note
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        return data[:33] + chunk + data[33:]
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note + data[2:]
