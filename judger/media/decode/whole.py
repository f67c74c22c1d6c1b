"""Whether a film or a sound is there to its end, as far as its container says.

FFmpeg plays what is there of a file that was cut off, and says nothing. So each container's own
lengths are followed first. One that is written as it is sent ("live") states none; of those only a
cut through a block shows.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from judger.media.files import MediaError

_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_UNKNOWN = -1
#: Sizes that a WAV writer leaves in the header when it does not know the end.
_STREAMED = 0x7FFFF000


def demand_whole(data: bytes, name: str) -> None:
    """MediaError where a file of the format `name` (`formats`) ends before its own end."""
    problem = _CHECKS[name](data) if name in _CHECKS else ""
    if problem:
        raise MediaError(f"a file that is cut off ({problem})")


def _mp4(data: bytes) -> str:
    """Boxes one after the other: size, type."""
    place, seen = 0, set()
    while len(data) - place >= 8:
        size, box = struct.unpack_from(">I4s", data, place)
        if size == 1 and len(data) - place >= 16:
            size = struct.unpack_from(">Q", data, place + 8)[0]
        size = size or len(data) - place
        if size < 8 or place + size > len(data):
            return f"box {box!r} of {size} bytes ends outside the file"
        seen.add(box)
        place += size
    if b"moov" not in seen:
        return "it has no index"
    return "" if seen & {b"mdat", b"moof"} else "it has no media data"


def _matroska(data: bytes) -> str:
    """Elements one in the other: id, size; a live file's segment and clusters state none."""
    place = 0
    while place < len(data):
        element, start = _number(data, place, keep=True)
        size, start = _number(data, start, keep=False)
        if start > len(data) or element < 0:
            return "the header of an element is not whole"
        if size == _UNKNOWN:
            if element not in (_SEGMENT, _CLUSTER):
                return "an element without a size"
            place = start  # what is in it follows
            continue
        place = start + size
        if place > len(data):
            return f"element {element:#x} of {size} bytes ends outside the file"
    return ""


def _number(data: bytes, place: int, keep: bool) -> tuple[int, int]:
    """An EBML number, -1 if unknown or missing, and where it ends."""
    if place >= len(data) or data[place] == 0:
        return _UNKNOWN, len(data) + 1
    length = 9 - data[place].bit_length()
    raw = int.from_bytes(data[place : place + length], "big")
    value = raw if keep else raw & ((1 << 7 * length) - 1)
    if not keep and value == (1 << 7 * length) - 1:
        value = _UNKNOWN
    return value, place + length


def _ogg(data: bytes) -> str:
    """Pages one after the other; the last one of each stream says so."""
    place, open_streams = 0, set()
    while data.startswith(b"OggS", place):
        segments = data[place + 26] if place + 27 <= len(data) else 0
        table = data[place + 27 : place + 27 + segments]
        end = place + 27 + segments + sum(table)
        if len(data) < place + 27 or end > len(data):
            return "the last page is not whole"
        serial = data[place + 14 : place + 18]
        if data[place + 5] & 4:
            open_streams.discard(serial)
        else:
            open_streams.add(serial)
        place = end
    return "a stream without its last page" if open_streams else ""


def _riff(data: bytes) -> str:
    """RIFF chunks one after the other, each of them whole; in a WAV the one of the samples, too."""
    if data[8:12] == b"WAVE":
        return _wave(data)
    place = 0
    while data.startswith(b"RIFF", place) and len(data) - place >= 8:
        size = struct.unpack_from("<I", data, place + 4)[0]
        if size == 0:  # never filled in
            return ""
        if place + 8 + size > len(data):
            return f"{size} bytes are stated, {len(data) - place - 8} are there"
        place += 8 + size + size % 2
    return ""


def _wave(data: bytes) -> str:
    place = 12
    while len(data) - place >= 8:
        name, size = struct.unpack_from("<4sI", data, place)
        left = len(data) - place - 8
        if name == b"data":
            streamed = size == 0 or size >= _STREAMED
            return "" if streamed or size <= left else f"{size} bytes are stated, {left} are there"
        place += 8 + size + size % 2
    return "it has no samples"


def _mp3(data: bytes) -> str:
    """What the encoder noted in the first frame, if it did: the bytes of all frames."""
    start = 0
    if data.startswith(b"ID3") and len(data) > 10:
        start = 10 + sum((byte & 127) << 7 * (3 - i) for i, byte in enumerate(data[6:10]))
    frame = data[start : start + 200]
    place = max(frame.find(b"Xing"), frame.find(b"Info"))
    if place < 0 or len(frame) < place + 16 or frame[place + 7] & 3 != 3:
        return ""
    size = int.from_bytes(frame[place + 12 : place + 16], "big")
    there = len(data) - start
    return "" if size <= there else f"{size} bytes are stated, {there} are there"


def _gif(data: bytes) -> str:
    """Blocks one after the other, up to the trailer."""
    if len(data) < 13:
        return "its header is not whole"
    place = 13 + _palette(data[10])
    while place < len(data):
        block = data[place]
        if block == 0x3B:
            return ""
        if block == 0x2C and place + 10 <= len(data):
            place += 11 + _palette(data[place + 9])
        elif block == 0x21:
            place += 2
        else:
            return f"a block of the kind {block:#x}"
        while place < len(data) and data[place]:
            place += 1 + data[place]
        place += 1
    return "it has no end"


def _palette(packed: int) -> int:
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


_CHECKS: dict[str, Callable[[bytes], str]] = {
    "MP4": _mp4,
    "Matroska": _matroska,
    "Ogg": _ogg,
    "WAV": _riff,
    "AVI": _riff,
    "WebP": _riff,
    "GIF": _gif,
    "MP3": _mp3,
}
