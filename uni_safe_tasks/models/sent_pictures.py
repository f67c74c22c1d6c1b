"""Pictures in a server's reply: found in its text, decoded within bounds, written as files."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from pathlib import Path

from judger.media.bounds import MAX_BYTES
from judger.media.files import MediaError
from judger.media.thumb import picture_format
from judger.reply.read import MAX_CHARS

MAX_PICTURES = 4
#: What is written as it came, so that what moves or is transparent stays so.
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp", "GIF": ".gif", "BMP": ".bmp"}
_HEADER = re.compile(r"data:image/[\w.+-]{1,40};base64,", re.I)
#: Shorter ones are examples in a text ("base64,iVBORw0K…"): no picture is so small.
_DATA_URL = re.compile(r"(data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]{48,})", re.I)
#: What is left around a picture taken out of a text: Markdown, or HTML.
_FRAME = re.compile(
    r"!\[[^\]\0]{0,200}\]\(\s*<?\0[^)]{0,200}\)|<img\b[^>\0]{0,200}\0[^>]{0,200}>|\0", re.I
)
#: A text that names a picture elsewhere: an address, or data that was cut off.
_ELSEWHERE = re.compile(
    r"!\[[^\]]{0,200}\]\(|<img\b|data:image/|data:[\w.+/-]{1,60};base64,"
    r"|\A\s*https?://\S+\s*\Z|https?://[^\s)\"'>]{1,500}\.(png|jpe?g|webp|gif)\b",
    re.I,
)


class Unusable(Exception):
    """A body or picture that is no reply: what is wrong with it."""


def split(text: str) -> tuple[str, list[str]]:
    """A text without the pictures that are written into it as data URLs, and those.

    Raises Unusable for a text of more than `judger.reply.read.MAX_CHARS` characters.
    """
    pieces = _DATA_URL.split(text.replace("\0", ""))
    rest = "\0".join(pieces[::2])
    if len(rest) > MAX_CHARS:
        raise Unusable(f"a text of {len(rest)} characters")
    return _FRAME.sub("", rest).strip() if len(pieces) > 1 else text, pieces[1::2]


def elsewhere(text: str) -> bool:
    """Whether a text names a picture that did not come with it; nothing is ever fetched."""
    return bool(_ELSEWHERE.search(text))


def saved(text: str, pictures: Sequence[str], stem: Path) -> str:
    """The reply as lmms-eval's back ends give it; pictures (base64) are written to `stem`_0.png, ….

    Raises Unusable for what is no picture, or too much.
    """
    if not pictures:
        return text
    if len(pictures) > MAX_PICTURES:
        raise Unusable(f"{len(pictures)} pictures in one reply")
    names = [stem.with_name(f"{stem.name}_{index}") for index in range(len(pictures))]
    paths = [str(_written(*pair)) for pair in zip(pictures, names, strict=True)]
    return json.dumps({"text": text, "images": paths})


def _written(picture: str, stem: Path) -> Path:
    raw = stem.with_name(f"{stem.name}.part")
    raw.write_bytes(_decoded(picture))
    try:
        form = picture_format(raw.resolve())
        return raw.replace(stem.with_name(stem.name + _SUFFIXES[form]))
    except (MediaError, OSError) as error:
        raise Unusable(f"no picture: {error}") from None
    finally:
        raw.unlink(missing_ok=True)


def _decoded(picture: str) -> bytes:
    if picture.startswith(("http:", "https:")):
        raise Unusable("the server sent an address in place of a picture")
    text = _HEADER.sub("", picture, count=1)
    if len(text) > MAX_BYTES * 4 // 3:
        raise Unusable(f"a picture of {len(text)} characters")
    try:
        return base64.b64decode("".join(text.split()), validate=True)  # lines are allowed
    except (binascii.Error, ValueError) as error:
        raise Unusable(f"a picture that is no base64: {error}") from None
