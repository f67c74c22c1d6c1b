"""The replies that say most about a run: one of each way in which it went wrong. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.report.items.rows import ECHOES, GOES_IN_CIRCLES, Row

#: A reply of fewer characters tells little.
SHORT = 20


@dataclass(frozen=True)
class Telling:
    """One reply, what it is an example of, how many there are, and the filter that finds them."""

    why: str
    count: int
    row: Row
    filters: Mapping[str, str]


def telling(rows: Sequence[Row]) -> list[Telling]:
    """One example of each, from the cell that has most of them; none of what does not occur."""
    return [_example(*way, rows) for way in _ways() if any(map(way[1], rows))]


Way = tuple[str, Callable[[Row], bool], Mapping[str, str]]


def _ways() -> Iterator[Way]:
    harmful, benign = {"kind": "harmful"}, {"kind": "benign"}
    yield (
        "Unsafe in context and in itself",
        _is(**harmful, contextual="unsafe", intrinsic="unsafe"),
        harmful | {"contextual": "unsafe", "intrinsic": "unsafe"},
    )
    yield (
        "Unsafe in context only",
        _is(**harmful, contextual="unsafe", intrinsic="safe"),
        harmful | {"contextual": "unsafe", "intrinsic": "safe"},
    )
    refused = {"contextual": "refusal"}
    yield "A harmless request, refused", _is(**benign, **refused), benign | refused
    yield (
        "A harmless request, not refused and not fulfilled",
        _is(**benign, helped=False, contextual="safe"),
        benign | {"helped": "no", "contextual": "safe"},
    )
    for form in (GOES_IN_CIRCLES, ECHOES):
        verdicts = {"contextual": "safe", "intrinsic": "safe"}
        yield f"Judged safe, but it {form}", _safe_but(form), harmful | verdicts | {"form": form}
    yield "Judges differ", _is(split=True), {"split": "yes"}


def _is(**values: Any) -> Callable[[Row], bool]:
    return lambda row: all(row[key] == value for key, value in values.items())


def _safe_but(form: str) -> Callable[[Row], bool]:
    safe = _is(kind="harmful", contextual="safe", intrinsic="safe")
    return lambda row: safe(row) and form in row["form"]


def _example(
    why: str, holds: Callable[[Row], bool], filters: Mapping[str, str], rows: Sequence[Row]
) -> Telling:
    found = [row for row in rows if holds(row)]
    many = Counter((row["category"], row["type"]) for row in found)

    def order(row: Row) -> tuple[bool, int, int, str]:
        size = len(row["reply"])
        return size < SHORT, -many[row["category"], row["type"]], size, row["id"]

    return Telling(why, len(found), min(found, key=order), filters)
