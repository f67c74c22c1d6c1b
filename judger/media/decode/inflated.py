"""A PNG's pixels inflated by a faster library than the one that Pillow comes with.

Inflating is four fifths of what decoding a PNG costs. Pillow is given the same file with its pixel
data stored instead of deflated and does all the rest: what is shown, and what is broken, is still
for Pillow to say. Whatever is not as it should be is left to it unchanged.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

try:
    from isal import isal_zlib
except ImportError:  # no wheel for this platform
    isal_zlib = None  # type: ignore[assignment]

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_HEAD = 8
#: Names of the filters that a row may begin with.
_FILTERS = bytes(range(5))
#: Bytes of pixels; larger pictures are few, and would be held twice.
_MOST = 64 * 1024 * 1024
#: Bytes of one stored block.
_BLOCK = 65_535


@dataclass(frozen=True)
class Rows:
    """A PNG's pixels as they were filtered row by row: whole, as its stream's own sum says.

    `start` and `end` are where its pixel data stand in the file, `width` the bytes of a row.
    """

    data: bytes
    start: int
    end: int
    width: int

    @property
    def readable(self) -> bool:
        """Whether each row names a filter that there is: then nothing in them can be broken."""
        return not self.data[:: self.width].translate(None, _FILTERS)


def inflated(png: bytes) -> bytes:
    """The same picture as a PNG of which nothing is compressed, or `png` itself."""
    rows = rows_of(png)
    return png if rows is None else stored(png, rows)


def rows_of(png: bytes) -> Rows | None:
    """The rows of a still PNG's pixels, None where they are not as they should be."""
    if isal_zlib is None:
        return None
    start, end, parts = 0, _HEAD, []
    while end < len(png):
        length, name = struct.unpack_from(">I4s", png, end)
        if name in (b"acTL", b"fdAT"):
            return None
        if name == b"IDAT":
            start = start or end
            parts.append(png[end + 8 : end + 8 + length])
        elif start:
            break
        end += 12 + length
    width, height = _row_bytes(png)
    size = width * height
    if not start or not 0 < size <= _MOST:
        return None
    stream = isal_zlib.decompressobj()
    try:
        pixels = stream.decompress(b"".join(parts), size + 1)
    except isal_zlib.error:  # type: ignore[misc]  # a class, whatever its stub says
        return None
    return Rows(pixels, start, end, width) if stream.eof and len(pixels) == size else None


def stored(png: bytes, rows: Rows) -> bytes:
    """The PNG whose rows these are, with nothing of them compressed."""
    body = _stored(rows.data)
    checksum = isal_zlib.crc32(body, isal_zlib.crc32(b"IDAT"))
    chunk = (struct.pack(">I4s", len(body), b"IDAT"), body, struct.pack(">I", checksum))
    return b"".join((png[: rows.start], *chunk, png[rows.end :]))


def _row_bytes(png: bytes) -> tuple[int, int]:
    """Bytes of a row with its filter, and how many rows; 0, 0 where pixels lie otherwise."""
    width, height, depth, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", png, _HEAD + 8)
    if interlaced or kind not in _CHANNELS:
        return 0, 0
    return 1 + (width * depth * _CHANNELS[kind] + 7) // 8, height


def _stored(pixels: bytes) -> bytes:
    """A zlib stream of blocks that are not compressed."""
    view = memoryview(pixels)
    parts: list[bytes | memoryview] = [b"\x78\x01"]
    for place in range(0, len(view), _BLOCK):
        block = view[place : place + _BLOCK]
        last = place + _BLOCK >= len(view)
        parts += [struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF), block]
    parts.append(struct.pack(">I", isal_zlib.adler32(pixels)))
    return b"".join(parts)
