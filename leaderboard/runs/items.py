"""The items of both suites by id: what a reply is judged against when only its item is named."""

from __future__ import annotations

import functools
from collections.abc import Collection

from uni_safe_tasks.suite.iso.items import iso_rows
from uni_safe_tasks.suite.items import rows


def is_item(item_id: str) -> bool:
    """Is this the id of an item of the suite, or of the second one?"""
    return item_id in _cells()


def without_reply(answered: Collection[str]) -> tuple[int, int]:
    """(items without a reply, items in all) of the cells that the answered items of ours are in."""
    place = _cells()
    cells = {place[item_id] for item_id in answered if item_id in place}
    asked = [item_id for item_id, cell in place.items() if cell in cells]
    return sum(item_id not in answered for item_id in asked), len(asked)


@functools.lru_cache(maxsize=1)
def _cells() -> dict[str, tuple[str, str]]:
    """item_id -> (category, task type)."""
    ours = {name: (str(row["category"]), form) for name, (form, row, _) in rows().items()}
    return ours | {name: (row.category, form) for name, (form, row, _) in iso_rows().items()}
