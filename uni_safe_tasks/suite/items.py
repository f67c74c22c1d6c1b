"""The suite's items: every scenario in every task type that it has, by id or one by one."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from judger.contract.errors import UserError
from judger.contract.iso import is_iso
from judger.contract.item import Item
from judger.contract.settings import SettingsError
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.attacks.chosen import named
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.rows import read
from uni_safe_tasks.suite.document import document
from uni_safe_tasks.suite.iso.items import NoSuchItem as NoSuchItem
from uni_safe_tasks.suite.iso.items import iso_item


@functools.lru_cache(maxsize=1)
def rows() -> dict[str, tuple[str, dict[str, Any], int]]:
    """item_id -> (task type, row, index of the item in its task), for the whole suite."""
    found: dict[str, tuple[str, dict[str, Any], int]] = {}
    for category in CATEGORIES:
        scenarios = [row.model_dump() for row in read(DATA / f"{category}.jsonl")]
        for task_type in TASK_TYPES:
            having = [row for row in scenarios if row[task_type] is not None]
            for index, row in enumerate(having):
                found[f"{row['id']}.{task_type}"] = (task_type, row, index)
    return found


def item(item_id: str, attack: str = "") -> Item:
    """One item of the suite, or of the second one.

    Args:
        item_id: `<scenario>.<task type>`, such as `pri-h101.text_generation` or
            `pri-i01h.iso_speech`.
        attack: the wrapper that stood around it, by name; the environment is not asked.

    Raises:
        NoSuchItem: there is no such item or attack, or a file of its request is missing.
    """
    if is_iso(item_id):
        return iso_item(item_id)
    try:
        task_type, row, index = rows()[item_id]
        wrapper = named(attack) if attack else None
        return Item.from_doc(document(task_type, row, index, wrapper))
    except KeyError:
        raise NoSuchItem(f"item_id {item_id!r} is no item of the suite") from None
    except (FileNotFoundError, SettingsError) as error:
        raise NoSuchItem(str(error)) from None


def items(category: str | None = None, task_type: str | None = None) -> Iterator[Item]:
    """The items of the suite, or of one category or task type, in the order of its files.

    Raises:
        UserError: there is no such category or task type.
    """
    for what, given, known in (
        ("category", category, CATEGORIES),
        ("task_type", task_type, TASK_TYPES),
    ):
        if given is not None and given not in known:
            raise UserError(f"{what} {given!r} is not one of {', '.join(known)}")
    for item_id, (own_type, row, _) in rows().items():
        if task_type in (None, own_type) and category in (None, row["category"]):
            yield item(item_id)
