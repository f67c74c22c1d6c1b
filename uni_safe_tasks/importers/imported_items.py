"""The task `unisafe_items`: the harness asks the items of a file that `uni-safe import` wrote.

    UNI_SAFE_ITEMS=siuo.jsonl lmms_eval --model … --tasks unisafe_items

`uni_safe_*` does not meet its name, so its numbers never mix with those of the 42 cells.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from judger.offline.replies import Line
from uni_safe_tasks.attacks.chosen import require_none
from uni_safe_tasks.suite.capabilities import declared, unsupported

VARIABLE = "UNI_SAFE_ITEMS"


def __getattr__(name: str) -> str:
    """`chosen`: the file that `UNI_SAFE_ITEMS` names, looked up when the task is asked for."""
    if name != "chosen":
        raise AttributeError(name)
    path = Path(os.environ.get(VARIABLE, ""))
    if not path.is_file():
        raise FileNotFoundError(
            f"task unisafe_items: {VARIABLE}={str(path)!r} names no file; write one with "
            "`uni-safe import SET PATH --out FILE`"
        )
    return str(path.resolve())


def document(row: Mapping[str, Any], index: int, folder: Path) -> dict[str, Any]:
    """One document from a line; ValidationError, FileNotFoundError."""
    line = Line.model_validate({k: v for k, v in row.items() if v is not None})
    image = str(folder / line.request_image) if line.request_image else ""
    if image and not Path(image).is_file():
        raise FileNotFoundError(f"{line.item_id}: its picture {image} is missing; import again")
    facts = {
        **line.model_dump(include={"item_id", "kind", "category", "subcategory", "task_type"}),
        **line.model_dump(include={"scenario", "intent", "answer", "prompt", "media_text"}),
        "row": index,
        "data_version": line.source,
        **{"image": image, "audio": "", "video": ""},
    }
    return facts | {"unsupported": unsupported(facts, declared())}


def documents(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The documents of `unisafe_items`, in the order of the file."""
    require_none("imported items")
    folder = Path(__getattr__("chosen")).parent
    return [document(row, index, folder) for index, row in enumerate(rows)]
