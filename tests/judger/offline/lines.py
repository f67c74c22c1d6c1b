"""Lines of replies that exist already, and the one item of the suite that they may name."""

from __future__ import annotations

import json
from pathlib import Path

from judger.contract.item import Item
from tests.judger.items import item

OWN = {"prompt": "Do it.", "category": "privacy_leak", "task_type": "text_generation"}


def known(item_id: str) -> Item:
    if item_id != "pri-h101.text_generation":
        raise LookupError(f"{item_id} is no item")
    return item()


def is_item(item_id: str) -> bool:
    return item_id == "pri-h101.text_generation"


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path
