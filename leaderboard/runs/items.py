"""The suite's own items by id: what a reply is judged against when only its item is named."""

from __future__ import annotations

from collections.abc import Collection

from uni_safe_tasks.suite.items import rows


def is_item(item_id: str) -> bool:
    """Is this the id of an item of the suite?"""
    return item_id in rows()


def without_reply(answered: Collection[str]) -> tuple[int, int]:
    """(items without a reply, items in all) of the cells that the answered items of ours are in."""
    cells = {_cell(item_id) for item_id in answered if is_item(item_id)}
    asked = [item_id for item_id in rows() if _cell(item_id) in cells]
    return sum(item_id not in answered for item_id in asked), len(asked)


def _cell(item_id: str) -> tuple[str, str]:
    task_type, row, _ = rows()[item_id]
    return str(row["category"]), task_type
