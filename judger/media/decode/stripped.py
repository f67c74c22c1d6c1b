"""A still picture's file without what no viewer shows: texts, profiles of cameras, second pictures.

Some of it stops decoders (a PNG's large compressed texts), and none of it is for a judge's eyes.
Files whose parts contradict each other are refused: two viewers would show two pictures.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from judger.media.files import MediaError

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
#: What makes a PNG's pixels: of the other chunks, only the listed ones are looked at.
_PNG_PIXELS = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_PNG_SHOWN = {
    *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"eXIf"),
    *(b"acTL", b"fcTL", b"fdAT", b"cICP"),
}
_PNG_ONCE = {*(b"IHDR", b"PLTE", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"iCCP", b"eXIf"), b"acTL"}
_MOST_CHUNKS = 100_000
#: A gamma of 1/2.2, which is what is shown without one; in hundred-thousandths.
_USUAL_GAMMA = range(45_000, 46_000)
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
#: Markers that stand alone, without a length.
_ALONE = {0x01, *range(0xD0, 0xD8)}
#: A marker within scans: neither a byte of the scan, nor a restart, nor fill.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])", re.S)


@dataclass(frozen=True)
class Stripped:
    """The file without the rest, and whether its pixels alone are what a viewer shows."""

    data: bytes
    plain: bool


def png(data: bytes) -> Stripped:
    """A PNG's shown chunks; MediaError when it has no end or a structure of its own."""
    place, kept, seen, last = len(_PNG_HEAD), [_PNG_HEAD], set[bytes](), b""
    plain = True
    for _ in range(_MOST_CHUNKS):
        if len(data) - place < 12:
            raise MediaError("broken picture: a PNG without its end")
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise MediaError("broken picture: a PNG that is cut off")
        if not seen and name != b"IHDR":
            raise MediaError("broken picture: a PNG that does not begin with its header")
        again = name in _PNG_ONCE or (name == b"IDAT" and last != name)
        if again and name in seen:
            raise MediaError(f"broken picture: a PNG with {name!r} where there was one before")
        seen.add(name)
        last = name
        if name in _PNG_SHOWN or name in _PNG_PIXELS:
            kept.append(data[place:end])
            plain = plain and (name in _PNG_PIXELS or _changes_nothing(name, data[place + 8 : end]))
        if name == b"IEND":
            return Stripped(b"".join(kept), plain)
        place = end
    raise MediaError(f"broken picture: a PNG of over {_MOST_CHUNKS} chunks")


def _changes_nothing(name: bytes, body: bytes) -> bool:
    """Whether a chunk leaves the pixels as they are; which way up they are is asked elsewhere."""
    if name == b"gAMA":
        return int.from_bytes(body[:4], "big") in _USUAL_GAMMA
    return name in (b"sRGB", b"cHRM", b"eXIf")


def jpeg(data: bytes) -> Stripped:
    """A JPEG's first picture, which is the one that is shown; the rest is not part of it."""
    place, kept, plain = 2, [data[:2]], True
    while True:
        marker, place = _marker(data, place)
        if marker in _ALONE:
            continue
        if marker in (_SOI, _EOI):
            raise MediaError("broken picture: a JPEG without a picture")
        length = int.from_bytes(data[place : place + 2], "big")
        segment = data[place : place + length]
        if length < 2 or len(segment) < length:
            raise MediaError("broken picture: a JPEG that is cut off")
        if marker == _SOS:
            end = _end(data, place + length)
            kept.append(b"\xff\xda" + data[place:end])
            return Stripped(b"".join(kept), plain)
        if _shown(marker, segment[2:]):
            kept.append(bytes((0xFF, marker)) + segment)
            plain = plain and marker != 0xE2
        place += length


def _shown(marker: int, body: bytes) -> bool:
    """Whether a segment has a part in what is shown: all but comments and foreign data."""
    if marker == 0xE1:  # which way up
        return body.startswith(b"Exif\0")
    if marker == 0xE2:  # colours; an index of further pictures has the same number
        return body.startswith(b"ICC_PROFILE\0")
    return marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _marker(data: bytes, place: int) -> tuple[int, int]:
    while place + 1 < len(data) and data[place] == 0xFF == data[place + 1]:
        place += 1  # fill
    if place + 2 > len(data) or data[place] != 0xFF:
        raise MediaError("broken picture: a JPEG that is cut off")
    return data[place + 1], place + 2


def _end(data: bytes, place: int) -> int:
    """Behind the end of the picture whose first scan begins at `place`."""
    while found := _MARKER.search(data, place):
        if found[1][0] == _EOI:
            return found.end()
        # A further scan, or tables before it.
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        place = found.end() + max(2, length)
    raise MediaError("broken picture: a JPEG without its end")
