"""Texts that can be written to a file: half of a surrogate pair cannot, and stops the harness."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")
_STANDS_FOR_IT = "\ufffd"
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INVISIBLE = " \t\r\n\ufeff\u200b\u2060"  # a byte order mark must not hide what follows it


def cleaned(text: str) -> tuple[str, int]:
    """The text with pairs as the one character they are, and halves as U+FFFD; how many halves."""
    if _HALF.search(text) is None:
        return text, 0
    joined = _PAIR.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    return _HALF.subn(_STANDS_FOR_IT, joined)


def bare(text: str) -> str:
    """A text without the white space and the invisible marks around it."""
    return text.strip().strip(_INVISIBLE)
