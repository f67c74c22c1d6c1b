"""BeaverTails: question and answer, safe or not as a pair, by crowd workers (CC-BY-NC-4.0).

30k_test.jsonl, 330k_test.jsonl (also .gz)    prompt, response, category {name: bool}, is_safe

The label is of the pair, so it is contextual: not safe is our unsafe, safe is *not unsafe*. Pairs
of the category child_abuse are never read into this suite.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from uni_safe_tasks.importers.labelled.labelled_reply import NOT_UNSAFE, LabelledReply
from uni_safe_tasks.importers.labelled.records import records
from uni_safe_tasks.importers.source import SourceError, locate
from uni_safe_tasks.importers.values import text_of, truth_of

_NAMES = ("30k_test", "330k_test", "round0/30k/test", "round0/330k/test", "test")
_FILES = tuple(f"{name}.jsonl{end}" for name in _NAMES for end in ("", ".gz"))
_FIELDS = ("prompt", "response", "category", "is_safe")


def read(path: Path) -> Iterator[LabelledReply]:
    """One label a pair."""
    for number, (where, row) in enumerate(records(locate(path, _FILES), _FIELDS), 1):
        named = _named(row["category"], where)
        safe = truth_of(row["is_safe"], where)
        yield LabelledReply(
            where,
            str(number),
            text_of(row["prompt"], where, "prompt"),
            text_of(row["response"], where, "response"),
            NOT_UNSAFE if safe else ("unsafe",),
            named[:1],
            skip="'child_abuse': never part of this suite" if "child_abuse" in named else "",
        )


def _named(category: Any, where: str) -> tuple[str, ...]:
    """The categories that a pair is said to be of: which it is not of has to be known as well."""
    if not isinstance(category, dict):
        raise SourceError(f"{where}: category is {str(category)[:40]!r}, no table of names")
    return tuple(name for name, flag in category.items() if truth_of(flag, where))
