"""What stands in one field of another data set's row, read as what it has to be, or refused.

A value that is none of those its set documents is a broken copy or a newer version of the set:
guessing what it means would make a label of a fault.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from uni_safe_tasks.importers.source import SourceError

#: How tables spell that a field is empty.
_EMPTY = ("", "none", "nan", "null")


def empty(value: Any) -> bool:
    """Does a field hold nothing? (NaN is how a table of numbers says so.)"""
    return value is None or value == "" or value != value


def text_of(value: Any, where: str, field: str) -> str:
    """A text, "" where there is none; SourceError for a number, a list, half a character."""
    if empty(value):
        return ""
    if not isinstance(value, str):
        raise SourceError(f"{where}: {field} is {str(value)[:40]!r}, which is no text")
    return value


def choice_of(value: Any, allowed: tuple[str, ...], where: str, field: str) -> str:
    """One of the values that a set documents, "" for an empty field; SourceError otherwise."""
    said = "" if empty(value) else str(value).strip()
    if said in allowed:
        return said
    if said.casefold() in _EMPTY:
        return ""
    raise SourceError(f"{where}: {field} is {said[:40]!r}, which is none of {', '.join(allowed)}")


def truth_of(value: Any, where: str) -> bool:
    """A yes or no as the sets spell it: true/false, 1/0, "True"/"0"; SourceError for another."""
    said = str(value).strip().casefold()
    if said in ("true", "1", "1.0"):
        return True
    if said in ("false", "0", "0.0"):
        return False
    raise SourceError(f"{where}: {str(value)[:40]!r} is neither yes nor no")


def item_id(name: str, source_id: Any, where: str) -> str:
    """The id of a row of the set `name` as an id of ours; SourceError where it has none."""
    if isinstance(source_id, (str, int)) and not isinstance(source_id, bool):
        said = str(source_id).strip()
        if said and said.isprintable():
            return f"{name}.{quote(str(source_id), safe='')}"
    raise SourceError(f"{where}: {str(source_id)[:40]!r} is no id")
