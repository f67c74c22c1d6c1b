"""An imported item, from the index of an import and the user's own file.

The prompt is the item's own, word for word; its picture is the user's own file; its label is the
data set's own.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judger.contract.item import Item
from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.paper.index import HOW, Imported, NotImported, index_file, lines_of, read
from uni_safe_tasks.paper.protocol import SUITE
from uni_safe_tasks.suite.items import NoSuchItem


def facts_of(
    imported: Imported, entry: Mapping[str, Any], row: Mapping[str, Any], index: int
) -> dict[str, Any]:
    """What is known of an entry of the index, and of the line of the user's file that it names."""
    image = entry["image"]
    if image and not Path(image).is_file():
        raise NotImported(f"{entry['item_id']}: its picture {image} is missing; {HOW}")
    return {
        "item_id": entry["item_id"],
        "scenario": "",
        "row": index,
        "kind": "harmful",
        "category": entry["category"],
        "subcategory": entry["subcategory"],
        "label": str(row.get("category") or ""),
        "task_type": entry["task"],
        "intent": str(row.get("intention") or ""),
        "answer": "",
        "prompt": row["prompt"],
        "media_text": "",
        "data_version": imported.data_version,
        **{"image": image, "audio": "", "video": ""},
    }


def is_imported(item_id: str) -> bool:
    """Is this the id of an item of the paper's suite?"""
    return item_id.startswith(f"{SUITE}.")


def item(item_id: str) -> Item:
    """One imported item by its id; NotImported, or NoSuchItem where the import has none such."""
    imported = read()
    try:
        entry, index = _entries(imported.model_dump_json())[item_id]
    except KeyError:
        raise NoSuchItem(f"item_id {item_id!r} is no item of the imported copy; {HOW}") from None
    row = _rows(imported.model_dump_json(), entry["file"])[entry["line"]]
    return Item.from_doc(facts_of(imported, entry, row, index))


@functools.lru_cache(maxsize=1)
def _entries(of: str) -> dict[str, tuple[dict[str, Any], int]]:
    """item_id -> (entry, its place in its task), of the import with this manifest."""
    del of
    found: dict[str, tuple[dict[str, Any], int]] = {}
    for category in CATEGORIES:
        places: dict[str, int] = {}
        for line in index_file(category).read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            place = places[entry["task"]] = places.get(entry["task"], -1) + 1
            found[entry["item_id"]] = entry, place
    return found


@functools.lru_cache(maxsize=16)
def _rows(of: str, file: str) -> dict[int, dict[str, Any]]:
    return lines_of(Imported.model_validate_json(of), file)
