"""What a file is by its first bytes. What is not listed here is never handed to a decoder.

Pillow and FFmpeg both open whatever they know, among it PostScript, playlists and lists of other
files. They are told the one format that a file is, and refuse all others.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from judger.media.files import MediaError


class Format(NamedTuple):
    """A format: what it is called here, and what its decoder calls it."""

    name: str
    decoder: str
    kinds: frozenset[str]


_IMAGE, _AUDIO = frozenset({"image"}), frozenset({"audio"})
_BOTH = frozenset({"audio", "video"})
_RIFF = {
    b"WEBP": Format("WebP", "WEBP", _IMAGE),
    b"WAVE": Format("WAV", "wav", _AUDIO),
    b"AVI ": Format("AVI", "avi", frozenset({"video"})),
}
_MP4 = Format("MP4", "mov", _BOTH)
_MP3 = Format("MP3", "mp3", _AUDIO)
_HEADS: tuple[tuple[bytes, Format], ...] = (
    (b"\x89PNG\r\n\x1a\n", Format("PNG", "PNG", _IMAGE)),
    (b"\xff\xd8\xff", Format("JPEG", "JPEG", _IMAGE)),
    (b"GIF87a", Format("GIF", "GIF", _IMAGE)),
    (b"GIF89a", Format("GIF", "GIF", _IMAGE)),
    (b"BM", Format("BMP", "BMP", _IMAGE)),
    (b"fLaC", Format("FLAC", "flac", _AUDIO)),
    (b"OggS", Format("Ogg", "ogg", _AUDIO)),
    (b"ID3", _MP3),
    (b"\x1a\x45\xdf\xa3", Format("Matroska", "matroska", _BOTH)),
)
#: What is not opened, and called by its name.
_REFUSED = (
    *((b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"%!PS", "PostScript"), (b"%PDF", "PDF")),
    *((b"<svg", "SVG"), (b"<?xml", "XML"), (b"#EXTM3U", "playlist"), (b"ffconcat", "playlist")),
)
#: What may stand first in a file of the MP4 family.
_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}
#: The header of an EBML file names what it is (element 0x4282), within its first bytes.
_EBML_HEADER = 64
_WEBM = re.compile(rb"\x1a\x45\xdf\xa3.*?\x42\x82\x84webm", re.S)
_WORDS = {"image": "picture", "audio": "sound", "video": "film"}


def format_of(data: bytes, kind: str) -> Format:
    """The format of a file used as `kind` (image, audio, video); MediaError for any other."""
    found = _format(data)
    if found is None:
        what = next((name for head, name in _REFUSED if data.startswith(head)), "")
        what = what or f"begins with {data[:8]!r}"
        raise MediaError(f"no {_WORDS[kind]} of a form that is opened ({what})")
    if kind not in found.kinds:
        raise MediaError(f"a file of the form {found.name} where a {_WORDS[kind]} is named")
    return found


def sent_as(data: bytes) -> str:
    """The MIME type under which a film goes out as it is; "" of one that is sent as frames.

    MP4 and WebM are what servers of models open; QuickTime and Matroska share their formats.
    """
    if data[4:8] == b"ftyp" and data[8:12] != b"qt  ":
        return "video/mp4"
    return "video/webm" if _WEBM.match(data[:_EBML_HEADER]) else ""


def _format(data: bytes) -> Format | None:
    for head, found in _HEADS:
        if data.startswith(head):
            return found
    if data[:4] in (b"RIFF", b"RF64"):
        return _RIFF.get(data[8:12])
    if data[4:8] in _BOXES:
        return _MP4
    # Eleven set bits, then no reserved version, layer III, no reserved bit rate: a frame of MP3.
    frame = len(data) > 3 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[1] & 0x18 != 8
    return _MP3 if frame and data[2] & 0xF0 != 0xF0 else None
