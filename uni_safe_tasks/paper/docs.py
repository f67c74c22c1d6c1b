"""From an index to the documents of one task of the paper.

The prompt is the item's own, word for word; its picture is the user's own file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from uni_safe_tasks.paper.index import HOW, Imported, NotImported, lines_of, read
from uni_safe_tasks.suite.capabilities import declared, unsupported


def documents(task: str, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The documents of a task, in the order of the user's files; NotImported, FileNotFoundError."""
    imported = read()
    ours = [entry for entry in entries if entry["task"] == task]
    if not ours:
        raise NotImported(f"your copy has no items of {task} in this category; {HOW}")
    words = {
        file: lines_of(imported, file, {e["line"] for e in ours if e["file"] == file})
        for file in sorted({entry["file"] for entry in ours})
    }
    return [
        document(imported, entry, json.loads(words[entry["file"]][entry["line"]]), index)
        for index, entry in enumerate(ours)
    ]


def document(
    imported: Imported, entry: Mapping[str, Any], row: Mapping[str, Any], index: int
) -> dict[str, Any]:
    """One document: an entry of the index, and the line of the user's file that it names."""
    image = entry["image"]
    if image and not Path(image).is_file():
        raise NotImported(f"{entry['item_id']}: its picture {image} is missing; {HOW}")
    facts = {
        "item_id": entry["item_id"],
        "scenario": "",
        "row": index,
        "kind": "harmful",
        "category": entry["category"],
        "subcategory": entry["subcategory"],
        "task_type": entry["task"],
        "intent": str(row.get("intention") or ""),
        "answer": "",
        "prompt": row["prompt"],
        "media_text": "",
        "data_version": imported.data_version,
        **{"image": image, "audio": "", "video": ""},
    }
    return facts | {"unsupported": unsupported(facts, declared())}
