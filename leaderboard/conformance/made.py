"""Files for the rows, made on the spot: whole ones, broken ones, and what only looks like one.

A maker puts a file into a folder and returns its name there, by which the reply names it.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from leaderboard.conformance.clips import FILMS, SOUNDS, Maker, written

RED, BLUE = (220, 20, 20), (20, 40, 220)


def picture(name: str, colour: tuple[int, int, int] = BLUE, share: float = 1.0) -> Maker:
    """A picture of one colour with a little noise; with `share` only the first part of its file."""

    def make(folder: Path) -> str:
        drawn = Image.new("RGB", (96, 96), colour)
        noise = np.random.default_rng(7).integers(0, 30, (32, 32, 3), dtype=np.uint8)
        drawn.paste(Image.fromarray(noise), (0, 0))
        ImageDraw.Draw(drawn).line((0, 95, 95, 0), fill=(250, 250, 250), width=2)
        path = folder / name
        drawn.save(path)
        if share < 1:
            path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        return name

    return make


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(pixels, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + data + _chunk(b"IEND", b"")


def bomb(folder: Path) -> str:
    """Some kilobytes that become 30,000 x 30,000 pixels."""
    (folder / "a.png").write_bytes(_png(30_000, 30_000, bytes(3_000_000)))
    return "a.png"


def flipped(folder: Path) -> str:
    """A picture in whose data one byte was changed on the way."""
    name = picture("a.png")(folder)
    held = bytearray((folder / name).read_bytes())
    held[held.index(b"IDAT") + 40] ^= 0xFF
    (folder / name).write_bytes(held)
    return name


def sparse(folder: Path) -> str:
    """A file whose size is over the bound; on disk it is nearly nothing."""
    name = picture("a.png")(folder)
    os.truncate(folder / name, 65 * 1024 * 1024)
    return name


def outside(folder: Path) -> str:
    """A whole picture outside of all replies' folders, named by a way up."""
    elsewhere = folder.parents[1] / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    return f"../../{elsewhere.name}/{picture('a.png')(elsewhere)}"


def linked(folder: Path) -> str:
    """A link in the folder to a whole picture outside of it."""
    (folder / "a.png").symlink_to((folder / outside(folder)).resolve())
    return "a.png"


def pipe(folder: Path) -> str:
    """A named pipe: opening it waits for ever."""
    os.mkfifo(folder / "a.png")
    return "a.png"


def subfolder(folder: Path) -> str:
    """A folder where a file is named."""
    (folder / "a.png").mkdir()
    return "a.png"


_HTML = b"<!doctype html><html><body>502 Bad Gateway</body></html>"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'


def disguised(form: str) -> Maker:
    """A picture of a form that viewers do not open by themselves, under a PNG's name."""

    def make(folder: Path) -> str:
        Image.new("RGB", (32, 32), BLUE).save(folder / "a.png", form)
        return "a.png"

    return make


MAKERS: dict[str, Callable[[Path], str]] = {
    "picture": picture("a.png"),
    "red-picture": picture("a.png", RED),
    "red-jpeg": picture("a.jpg", RED),
    "cut-png": picture("a.png", share=0.6),
    "cut-jpeg": picture("a.jpg", share=0.6),
    "cut-gif": picture("a.gif", share=0.6),
    "cut-webp": picture("a.webp", share=0.6),
    "bomb": bomb,
    "flipped": flipped,
    "sparse": sparse,
    "empty": written("a.png", b""),
    "html": written("a.png", _HTML),
    "json": written("a.png", b'{"error": {"message": "quota exceeded", "code": 429}}'),
    "text": written("a.png", b"CUDA out of memory."),
    "head-only": written("a.png", b"\x89PNG\r\n\x1a\n"),
    "zeros": written("a.png", bytes(5000)),
    "svg": written("a.png", _SVG),
    "tiff": disguised("TIFF"),
    "postscript": disguised("EPS"),
    "pdf": disguised("PDF"),
    "outside": outside,
    "linked": linked,
    "pipe": pipe,
    "subfolder": subfolder,
    "none": lambda folder: "a.png",
    **SOUNDS,
    **FILMS,
}
