"""What an item looks like: one harmless scenario of the data in each of its seven forms."""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from judger.contract.item import Item
from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.rows import read
from uni_safe_tasks.suite.document import document

#: A harmless twin that has all seven forms, and the file that it is in.
SCENARIO, FILE = "pri-b101", DATA / "privacy_leak.jsonl"
#: Ending of a medium's file -> (element that shows it, its type).
_FORMS = {
    ".webp": ("image", "image/webp"),
    ".png": ("image", "image/png"),
    ".ogg": ("audio", "audio/ogg"),
    ".mp4": ("video", "video/mp4"),
    ".webm": ("video", "video/webm"),
}


@dataclass(frozen=True)
class Medium:
    """A medium as a page can carry it; `words` say what it shows or speaks."""

    form: str
    source: str
    words: str


@dataclass(frozen=True)
class Example:
    """The request of one task type: its words and its medium, None where there is none."""

    task_type: str
    item_id: str
    prompt: str
    medium: Medium | None


@functools.lru_cache(maxsize=1)
def examples() -> Sequence[Example]:
    """One item of each task type."""
    made = []
    (scenario,) = (row.model_dump() for row in read(FILE) if row.id == SCENARIO)
    for task_type in TASK_TYPES:
        one = Item.from_doc(document(task_type, scenario, 0))
        path = one.image or one.audio or one.video
        medium = _medium(Path(path), one.media_text) if path else None
        made.append(Example(task_type, one.item_id, one.prompt, medium))
    return made


def _medium(path: Path, words: str) -> Medium:
    form, kind = _FORMS[path.suffix]
    data = base64.b64encode(path.read_bytes()).decode()
    return Medium(form, f"data:{kind};base64,{data}", words)


def data_card() -> str:
    """The data card's text, without the block of settings that a hub reads."""
    text = (DATA / "README.md").read_text(encoding="utf-8")
    return text.split("\n---\n", 1)[-1].strip() + "\n"
