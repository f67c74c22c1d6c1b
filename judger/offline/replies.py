"""`uni-safe score FILE`: replies made anywhere, one JSON object a line.

    {"item_id": "pri-h101.text_generation", "reply": "I can't help with that."}
    {"prompt": "Draw a poster …", "category": "biased_opinion", "task_type": "image_generation",
     "intent": "…", "reply": "Here it is.", "images": ["out/7.png"]}

A line with an `item_id` alone answers an item of the suite; a line with a `prompt` brings its own.
Paths are relative to the file and must lie below its folder (or UNI_JUDGER_MEDIA_ROOTS).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from judger.contract.item import Item
from judger.contract.outcomes import Kind
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.media.files import MediaError, checked, default_roots
from judger.offline.batch import Work
from judger.offline.jsonl import LineError, models, rows
from judger.reply.read import read_reply
from judger.reply.reply import FLAGS, MAX_FILES, Reply

Paths = Annotated[tuple[str, ...], Field(max_length=MAX_FILES)]
_REQUEST_MEDIA = ("image", "audio", "video")


class Line(BaseModel):
    """One reply. `images`, `audios`, `videos` are the reply's files, `request_…` the request's.

    `source` and `labels` say where an imported request comes from; they are not judged by.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    item_id: str = ""
    reply: str | None = None
    images: Paths = ()
    audios: Paths = ()
    videos: Paths = ()
    #: What the back end says beside it (`reply.FLAGS`); only the published protocol looks at these.
    reject_image: bool = False
    ended: bool = False
    prompt: str = ""
    kind: Kind = "harmful"
    category: str = ""
    subcategory: str = ""
    task_type: str = ""
    scenario: str = ""
    intent: str = ""
    answer: str = ""
    media_text: str = ""
    request_image: str = ""
    request_audio: str = ""
    request_video: str = ""
    #: Where an imported item comes from, and what it is called there: kept, never judged.
    source: str = ""
    labels: tuple[str, ...] = ()
    #: The wrapper around the request, as `uni-safe prompts --attack` wrote it into its line.
    attack: str = ""

    @field_validator("answer")
    @classmethod
    def _bare(cls, answer: str) -> str:
        return answer.strip()

    @model_validator(mode="after")
    def _whole(self) -> Line:
        if not self.prompt:
            if not self.item_id:
                raise ValueError("neither `item_id` nor `prompt`: whose reply is this?")
            return self
        if self.attack:
            raise ValueError("attacks stand around items of the suite, not around own prompts")
        if self.category not in CATEGORIES:
            raise ValueError(f"category {self.category!r} is not one of {', '.join(CATEGORIES)}")
        if self.task_type not in TASK_TYPES:
            raise ValueError(f"task_type {self.task_type!r} is not one of {', '.join(TASK_TYPES)}")
        if self.kind == "canary" and not any(map(str.isalnum, self.answer)):
            raise ValueError(f"a canary needs its word; `answer` is {self.answer!r}")
        return self

    @property
    def files(self) -> dict[str, list[str]]:
        """The reply's files by the key that `judger.reply.read` knows them under."""
        named = {"images": self.images, "audios": self.audios, "videos": self.videos}
        return {key: list(paths) for key, paths in named.items() if paths}

    @property
    def flags(self) -> dict[str, bool]:
        """What is said to be so."""
        return {flag: True for flag in FLAGS if getattr(self, flag)}

    def raw(self, folder: Path) -> str:
        """The reply as a back end would have returned it; this is what a samples file keeps."""
        if not self.files and not self.flags:
            return self.reply or ""
        absolute = {k: [str(folder / name) for name in names] for k, names in self.files.items()}
        return json.dumps({"text": self.reply or "", **absolute, **self.flags}, ensure_ascii=False)

    def read(self, folder: Path, row: int = 0) -> Reply:
        """The reply; its files lie below `folder` or UNI_JUDGER_MEDIA_ROOTS."""
        roots = roots_of(folder)
        words = read_reply(self.reply, row, roots)
        failed = words.fault not in (None, "no_output")
        if not self.flags and (failed or not self.files):
            return words  # a failure marker is a fault, whatever files stand beside it
        return read_reply(self.raw(folder), row, roots)


def roots_of(folder: Path) -> list[Path]:
    """Where the files of a reply may lie."""
    named = default_roots() if os.environ.get("UNI_JUDGER_MEDIA_ROOTS") else ()
    return [folder.resolve(), *named]


def check(path: Path, is_item: Callable[[str], bool], attack: str = "") -> set[str]:
    """Read every line before the first costs anything; returns the items' ids. LineError.

    `attack` names the wrapper that stood around the requests; a line may name no other.
    """
    seen: set[str] = set()
    for number, line in models(path, Line):
        item_id = line.item_id or _name(path, number)
        if line.prompt:
            _own_item(path, number, line)
        if item_id in seen:
            raise LineError(f"{path}:{number}: item_id {item_id!r} stands on an earlier line, too")
        if line.attack not in ("", attack):
            raise LineError(f"{path}:{number}: {_other_attack(line.attack, attack)}")
        if not line.prompt and not is_item(item_id):
            raise LineError(
                f"{path}:{number}: {item_id!r} is no item of the suite; give a `prompt`"
            )
        seen.add(item_id)
    if not seen:
        raise LineError(f"{path}: no replies in it")
    return seen


def _other_attack(said: str, attack: str) -> str:
    given = f"attack {attack}" if attack else "no attack"
    return f"was asked under attack {said!r}, and {given} is given; use --attack"


def unanswered(
    path: Path, answered: Collection[str], known: Callable[[str], Item], attack: str = ""
) -> tuple[Work, ...]:
    """The items of an export (`uni-safe prompts`) without a reply, each as `no_output`.

    LineError where a line is no prompt of the suite, or no longer: the replies would be judged
    against a request that the model never saw.
    """
    found: dict[str, Work] = {}
    for number, row in rows(path):
        if (said := str(row.get("attack") or "")) != attack:
            raise LineError(f"{path}:{number}: {_other_attack(said, attack)}")
        try:
            item = known(str(row.get("item_id", "")))
        except LookupError as error:
            raise LineError(f"{path}:{number}: {error}") from None
        if row.get("prompt") != item.read_by_model:
            raise LineError(
                f"{path}:{number}: data {item.data_version} ask {item.item_id} otherwise; "
                "export the prompts again"
            )
        if item.item_id not in answered:
            none = Reply(fault="no_output", note="no reply was handed in")
            found[item.item_id] = Work(item, none, "")
    return tuple(found.values())


def read(path: Path, known: Callable[[str], Item]) -> Iterator[Work]:
    """The work that a file holds; `known` finds an item of the suite, or raises LookupError."""
    folder = path.resolve().parent
    for number, line in models(path, Line):
        try:
            item = _own_item(path, number, line) if line.prompt else known(line.item_id)
        except LookupError as error:
            raise LineError(f"{path}:{number}: {error}") from None
        yield Work(item, line.read(folder, item.row), line.raw(folder), own=bool(line.prompt))


def _name(path: Path, number: int) -> str:
    return f"{path.stem}-{number}"


def _own_item(path: Path, number: int, line: Line) -> Item:
    """The request that a line brings; LineError when a medium of it cannot be used."""
    folder = path.resolve().parent
    fields: dict[str, Any] = {f: v for f, v in line.model_dump().items() if f in Item.model_fields}
    fields["item_id"] = line.item_id or _name(path, number)
    for kind in _REQUEST_MEDIA:
        named = getattr(line, f"request_{kind}")
        try:
            fields[kind] = str(checked(str(folder / named), roots_of(folder))) if named else ""
        except MediaError as error:
            raise LineError(f"{path}:{number}: request_{kind}: {error}") from None
    return Item.model_validate(fields)
