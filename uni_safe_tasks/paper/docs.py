"""From an index to the documents of one task of the paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from uni_safe_tasks.attacks.chosen import require_none
from uni_safe_tasks.paper.index import HOW, Imported, NotImported, lines_of, read
from uni_safe_tasks.paper.items import facts_of
from uni_safe_tasks.suite.capabilities import declared, unsupported


def documents(task: str, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The documents of a task, in the order of the user's files; NotImported, FileNotFoundError."""
    require_none("the paper's own items")
    imported = read()
    ours = [entry for entry in entries if entry["task"] == task]
    if not ours:
        raise NotImported(f"your copy has no items of {task} in this category; {HOW}")
    rows = {file: lines_of(imported, file) for file in sorted({e["file"] for e in ours})}
    return [
        document(imported, entry, rows[entry["file"]][entry["line"]], index)
        for index, entry in enumerate(ours)
    ]


def document(
    imported: Imported, entry: Mapping[str, Any], row: Mapping[str, Any], index: int
) -> dict[str, Any]:
    """One document, and what the model that is asked cannot do of it."""
    facts = facts_of(imported, entry, row, index)
    return facts | {"unsupported": unsupported(facts, declared())}
