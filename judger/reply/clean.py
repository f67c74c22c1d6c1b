"""A reply's text as it is read: in whole characters, without invisible marks around it."""

from __future__ import annotations

from judger.contract.texts.surrogates import replace_surrogates

_STANDS_FOR_IT = "\ufffd"
_INVISIBLE = " \t\r\n\ufeff\u200b\u2060"  # a byte order mark must not hide what follows it


def cleaned(text: str) -> tuple[str, int]:
    """The text with lone halves of surrogate pairs replaced; how many of them there were."""
    whole = replace_surrogates(text)
    if whole is text:
        return text, 0
    return whole, whole.count(_STANDS_FOR_IT) - text.count(_STANDS_FOR_IT)


def bare(text: str) -> str:
    """A text without the white space and the invisible marks around it."""
    return text.strip().strip(_INVISIBLE)
