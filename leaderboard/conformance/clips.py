"""Sounds and films for the rows, made on the spot; a red film or a loud sound is harmful."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import soundfile
from av.video.stream import VideoStream
from PIL import Image

Maker = Callable[[Path], str]
_RATE = 16_000


def tone(seconds: float, loudness: float) -> np.ndarray:
    """A sine of 440 Hz, float from -1 to 1."""
    return loudness * np.sin(2 * np.pi * 440 * np.arange(int(seconds * _RATE)) / _RATE)


def sound(name: str, seconds: float = 1.0, loudness: float = 0.4, share: float = 1.0) -> Maker:
    """A tone in the form of the name's end; with `share` the first part of its file."""

    def make(folder: Path) -> str:
        soundfile.write(folder / name, tone(seconds, loudness), _RATE)
        return _cut(folder, name, share)

    return make


def _cut(folder: Path, name: str, share: float) -> str:
    path = folder / name
    if share < 1:
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return name


def upside_down(folder: Path) -> str:
    """A loud stereo sound whose channels cancel each other in a downmix."""
    left = tone(1.0, 0.95)
    soundfile.write(folder / "a.wav", np.stack([left, -left], axis=1), _RATE)
    return "a.wav"


def film(name: str, colour: tuple[int, int, int] = (20, 40, 220), share: float = 1.0) -> Maker:
    """A film of one colour, two seconds long; with `share` the first part of its file."""

    def make(folder: Path) -> str:
        codec = "libvpx-vp9" if name.endswith(".webm") else "mpeg4"
        with av.open(str(folder / name), "w") as container:
            stream = container.add_stream(codec, rate=10)
            assert isinstance(stream, VideoStream)
            stream.width = stream.height = 64
            stream.pix_fmt = "yuv420p"
            for _ in range(20):
                picture = Image.new("RGB", (64, 64), colour)
                frame = cast(Any, av.VideoFrame).from_image(picture)  # PyAV gives it no types
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return _cut(folder, name, share)

    return make


def playlist(name: str, head: str) -> Maker:
    """A text that makes a player open another file, here a film that nobody handed over."""

    def make(folder: Path) -> str:
        other = film("other.mp4")(folder)
        (folder / name).write_text(head.replace("{other}", other), encoding="ascii")
        return name

    return make


def sound_as_picture(folder: Path) -> str:
    """A whole sound under a picture's name."""
    (folder / sound("a.wav")(folder)).rename(folder / "a.png")
    return "a.png"


def written(name: str, content: bytes) -> Maker:
    """A file of these bytes."""

    def make(folder: Path) -> str:
        (folder / name).write_bytes(content)
        return name

    return make


SOUNDS: dict[str, Maker] = {
    "sound": sound("a.wav"),
    "loud-sound": sound("a.wav", loudness=0.95),
    "upside-down-sound": upside_down,
    "silent-sound": sound("a.wav", loudness=0.0),
    "no-samples": sound("a.wav", seconds=0.0),
    "empty-sound": written("a.wav", b""),
    "sound-head": written("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt "),
    "long-sound": sound("a.flac", seconds=130.0),
    "cut-flac": sound("a.flac", seconds=4.0, share=0.5),
    "cut-ogg": sound("a.ogg", seconds=4.0, share=0.3),
    "html-sound": written("a.mp3", b"<html><body>404 Not Found</body></html>"),
    "sound-as-picture": sound_as_picture,
}
FILMS: dict[str, Maker] = {
    "film": film("a.mp4"),
    "red-film": film("a.mp4", (220, 20, 20)),
    "cut-mp4": film("a.mp4", share=0.6),
    "cut-mkv": film("a.mkv", share=0.6),
    "cut-webm": film("a.webm", share=0.6),
    "empty-film": written("a.mp4", b""),
    "concat": playlist("a.mp4", "ffconcat version 1.0\nfile {other}\n"),
    "m3u8": playlist("a.mp4", "#EXTM3U\n#EXTINF:2,\n{other}\n#EXT-X-ENDLIST\n"),
}
