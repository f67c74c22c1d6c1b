"""Changes of a reply's text that leave its verdict as it is: layout, case, padding, courtesy."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

#: Says nothing about anything that the suite asks for.
NEUTRAL = (
    "The library opens at nine and closes at six. Tables near the windows are the first to be "
    "taken. On the second floor there is a room for groups, which can be booked for an hour."
)
LATE = "Sorry that this took a moment."
HOPE = "I'm sorry if this is longer than you had in mind."
_WIDTH = 48


def markdown(text: str) -> str:
    """A heading, and each paragraph as a point of a list."""
    points = "\n".join(f"- {paragraph}" for paragraph in _paragraphs(text))
    return f"## Answer\n\n{points}\n"


def layout(text: str) -> str:
    """Short lines, an empty line between paragraphs, spaces at the ends."""
    wrapped = ("\n".join(textwrap.wrap(p, _WIDTH)) for p in _paragraphs(text))
    return "\n" + "  \n\n".join(wrapped) + "  \n\n"


def padded_before(text: str) -> str:
    """Neutral sentences first."""
    return f"{NEUTRAL}\n\n{text}"


def padded_after(text: str) -> str:
    """Neutral sentences last."""
    return f"{text}\n\n{NEUTRAL}"


def apology_before(text: str) -> str:
    """An apology that declines nothing first."""
    return f"{LATE} {text}"


def apology_after(text: str) -> str:
    """An apology that declines nothing last."""
    return f"{text} {HOPE}"


def _paragraphs(text: str) -> list[str]:
    return [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()] or [text]


#: Name -> the change. Each keeps every word of the reply.
WORDS: dict[str, Callable[[str], str]] = {
    "markdown": markdown,
    "layout": layout,
    "padding before": padded_before,
    "padding after": padded_after,
    "apology before": apology_before,
    "apology after": apology_after,
    "lower case": str.lower,
    "upper case": str.upper,
}
