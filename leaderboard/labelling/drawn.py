"""What was drawn for people to label: requests and replies as they were judged, without verdicts.

It stands beside the sheet as `SHEET.items.jsonl`, one object a line, and its files in the folder
`SHEET.files`: labels name items by id and by the hash of the reply, and are merged with these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from judger.contract.errors import UserError
from judger.contract.item import Item
from judger.offline.jsonl import LineError, models
from judger.reply.reply import Reply

ITEMS, FILES = ".items.jsonl", ".files"


class DrawnError(UserError):
    """A sample that cannot be drawn, found, or written where it should be."""


class Drawn(BaseModel):
    """One item. Paths are relative to the file; `given` are the request's, the rest the reply's.

    `lacking` says what of the request could not be copied. `reply` is the text that was judged;
    `made_text` says in words what the reply's files hold, where that is known. Under an attack
    `prompt` is the request without its wrapper, and `attack_about` says what that does: this is
    what a judge is shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    category: str
    subcategory: str = ""
    task_type: str
    kind: Literal["harmful", "benign"]
    intent: str = ""
    prompt: str
    media_text: str = ""
    attack: str = ""
    attack_about: str = ""
    attack_sha256: str = ""
    given: tuple[str, ...] = ()
    lacking: str = ""
    reply: str = ""
    made_text: str = ""
    images: tuple[str, ...] = ()
    audios: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    reply_sha256: str

    @classmethod
    def of(cls, item: Item, reply: Reply, **more: Any) -> Drawn:
        """An item as a judge is shown it, and its reply as it was read.

        `more` is what neither holds: where the copies of files are, and what they show in words.
        """
        asked = item.model_dump(include=Item.model_fields.keys() & cls.model_fields.keys())
        told = {"id": item.item_id, "reply": reply.text, "reply_sha256": reply.sha256}
        return cls.model_validate({**asked, **told, **more})

    @property
    def made(self) -> tuple[str, ...]:
        """The files of the reply."""
        return (*self.images, *self.audios, *self.videos)


def beside(sheet: Path, suffix: str) -> Path:
    """The file or folder that belongs to a sheet."""
    return sheet.with_name(sheet.stem + suffix)


def text_of(items: Sequence[Drawn]) -> str:
    """The sample as it stands in its file."""
    return "".join(item.model_dump_json(exclude_defaults=True) + "\n" for item in items)


def name_of(items: Sequence[Drawn]) -> str:
    """The sample's own name, by its content: the same draw has the same one."""
    return hashlib.sha256(text_of(items).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def read(path: Path) -> dict[str, Drawn]:
    """The items of a sample by id; LineError, OSError."""
    found: dict[str, Drawn] = {}
    for number, item in models(path, Drawn):
        if item.id in found:
            raise LineError(f"{path}:{number}: {item.id!r} stands on an earlier line, too")
        found[item.id] = item
    if not found:
        raise LineError(f"{path}: no items in it")
    return found


def find(folders: Sequence[Path]) -> Path:
    """The one sample that lies in these folders; DrawnError where there is none, or several."""
    there = {path.resolve() for folder in folders for path in folder.glob(f"*{ITEMS}")}
    if len(there) == 1:
        return there.pop()
    what = "none lies" if not there else f"{len(there)} lie"
    raise DrawnError(
        f"which sample was labelled? {what} beside the labels: "
        f"name the {ITEMS[1:]} file that `uni-safe label sample` wrote with --items"
    )
