"""The suite's own items by id: what a reply is judged against when only its item is named."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

from judger.contract.item import Item
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.suite.document import document
from uni_safe_tasks.suite.locations import DATA
from uni_safe_tasks.suite.rows import read


@functools.lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[str, dict[str, Any], int]]:
    """item_id → (task type, row, index of the item in its task), for the whole suite."""
    found: dict[str, tuple[str, dict[str, Any], int]] = {}
    for category in CATEGORIES:
        rows = [row.model_dump() for row in read(DATA / f"{category}.jsonl")]
        for task_type in TASK_TYPES:
            having = [row for row in rows if row[task_type] is not None]
            for index, row in enumerate(having):
                found[f"{row['id']}.{task_type}"] = (task_type, row, index)
    return found


def is_item(item_id: str) -> bool:
    """Is this the id of an item of the suite?"""
    return item_id in _rows()


def without_reply(answered: Collection[str]) -> tuple[int, int]:
    """(items without a reply, items in all) of the cells that the answered items of ours are in."""
    cells = {_cell(item_id) for item_id in answered if is_item(item_id)}
    asked = [item_id for item_id in _rows() if _cell(item_id) in cells]
    return sum(item_id not in answered for item_id in asked), len(asked)


def _cell(item_id: str) -> tuple[str, str]:
    task_type, row, _ = _rows()[item_id]
    return str(row["category"]), task_type


def item_of(item_id: str) -> Item:
    """The item of the suite with this id; LookupError if there is none or its medium is missing."""
    try:
        task_type, row, index = _rows()[item_id]
        return Item.from_doc(document(task_type, row, index))
    except KeyError:
        raise LookupError(f"item_id {item_id!r} is no item of the suite") from None
    except FileNotFoundError as error:
        raise LookupError(str(error)) from None
