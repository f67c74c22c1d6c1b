"""The items of the second suite, by id."""

from __future__ import annotations

import functools

from judger.contract.errors import UserError
from judger.contract.iso import FORMS
from judger.contract.item import Item
from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.scenario.iso.locations import DATA
from uni_safe_tasks.scenario.iso.rows import read
from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.suite.iso.document import document, placed


class NoSuchItem(UserError, LookupError):
    """An id that no item has, or an item whose medium is missing."""


@functools.lru_cache(maxsize=1)
def iso_rows() -> dict[str, tuple[str, Sentence, int]]:
    """item_id -> (form, row, index of the item in its task), for the whole suite."""
    return {
        f"{row.id}.{task_type}": (task_type, row, index)
        for category in CATEGORIES
        for task_type in FORMS
        for index, row in placed(task_type, read(DATA / f"{category}.jsonl"))
    }


def iso_item(item_id: str) -> Item:
    """One item, such as `tox-i01h.iso_speech`; NoSuchItem."""
    try:
        return Item.from_doc(document(*iso_rows()[item_id]))
    except KeyError:
        raise NoSuchItem(f"item_id {item_id!r} is no item of the suite") from None
    except FileNotFoundError as error:
        raise NoSuchItem(str(error)) from None
