"""The exact prompts and media of cells as JSON Lines, for models that only run in their own code.

    {"item_id": …, "task": …, "prompt": …, "image": "media/…", "audio": "", "video": ""}

Paths are relative to the file, the media lie beside it. `audio` beside a `video` is the film's own
sound track. What a judge is told of an item (intent, kind, a canary's word) stays out: a model must
not see it. Answers {"item_id", "reply", "images"} go to `uni-safe score`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from judger.contract.cell import Cell
from judger.contract.errors import UserError
from judger.contract.iso import FORMS
from uni_safe_tasks.attacks.chosen import Attack
from uni_safe_tasks.attacks.draw import draw
from uni_safe_tasks.harness.wav import wav_of
from uni_safe_tasks.paper.protocol import SUITE as PAPER
from uni_safe_tasks.scenario.iso import rows as iso
from uni_safe_tasks.scenario.iso.locations import DATA as ISO
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.rows import MEDIA_FIELDS, read
from uni_safe_tasks.suite.document import document
from uni_safe_tasks.suite.iso.document import document as iso_document
from uni_safe_tasks.suite.iso.document import placed
from uni_safe_tasks.suite.named import cells_named

FILE = "prompts.jsonl"


class ExportError(UserError):
    """Nothing that can be exported: what was asked for, and what to ask for instead."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    file: Path
    items: int
    media: int


def cells(tasks: str) -> list[Cell]:
    """The cells that a comma list of names, patterns or tags meets."""
    if any(name.strip().startswith(PAPER) for name in tasks.split(",")):
        raise ExportError(
            f"the items of {PAPER} are not exported: the original data may not be copied; "
            "run them with lmms_eval"
        )
    met = cells_named(tasks)
    if not met:
        raise ExportError(f"{tasks!r} meets no cell; try 'uni_safe_*' or 'unisafe_iso_*'")
    return met


def documents(
    cell: Cell, limit: int | None = None, attack: Attack | None = None
) -> Iterator[dict[str, Any]]:
    """The documents of a cell as a harness run has them, its first `limit`."""
    if cell.task_type in FORMS:
        if attack is not None:
            raise ExportError(f"{cell.name}: attacks are for the 42 cells, not for sentences")
        sentences = iso.read(ISO / f"{cell.category}.jsonl")
        for index, sentence in islice(placed(cell.task_type, sentences), limit):
            yield iso_document(cell.task_type, sentence, index)
        return
    rows = [row.model_dump() for row in read(DATA / f"{cell.category}.jsonl")]
    having = [row for row in rows if row[cell.task_type] is not None]
    for index, row in enumerate(having[:limit]):
        yield document(cell.task_type, row, index, attack)


def export(
    tasks: str, out: Path, limit: int | None = None, attack: Attack | None = None
) -> Exported:
    """Write the prompts and media of cells to `out`; ExportError, RowError, OSError.

    Under an attack a line names it, and holds the `turns` of a conversation where there are any;
    what cannot be wrapped is left out.
    """
    met = cells(tasks)
    out.mkdir(parents=True, exist_ok=True)
    items, copied = 0, set[str]()
    partial = out / f"{FILE}.partial"
    with partial.open("w", encoding="utf-8") as file:
        for cell in met:
            for doc in documents(cell, limit, attack):
                if attack is not None and doc["unsupported"].startswith("the attack "):
                    continue
                line: dict[str, Any] = {"item_id": doc["item_id"], "task": cell.name}
                line["prompt"] = doc["prompt"]
                for medium in MEDIA_FIELDS:
                    line[medium] = _beside(doc[medium], out, copied)
                if doc["spoken"]:
                    line["audio"] = _sound_beside(doc["video"], out, copied)
                if attack is not None:
                    line |= {"attack": attack.name, "turns": doc["turns"]}
                    line["image"] = _drawn_beside(doc, out, copied) or line["image"]
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                items += 1
    partial.replace(out / FILE)
    return Exported(out / FILE, items, len(copied))


def _beside(path: str, out: Path, copied: set[str]) -> str:
    """Copy a medium below `out`; returns its path from there, "" for none."""
    return _copy(path, Path(path).relative_to(DATA), out, copied) if path else ""


def _sound_beside(film: str, out: Path, copied: set[str]) -> str:
    """The sound track of a film as the harness sends it: a wav, 16 kHz, mono, named as the film."""
    wav, _, _ = wav_of(Path(film))
    return _copy(wav, Path(film).relative_to(DATA).with_suffix(".wav"), out, copied)


def _drawn_beside(doc: Mapping[str, Any], out: Path, copied: set[str]) -> str:
    """The picture of a request's words, "" where they are not drawn."""
    if not doc["drawn"]:
        return ""
    name = Path("media") / "attacks" / f"{doc['item_id']}.png"
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    draw(doc["drawn"]).save(out / name)
    copied.add(name.as_posix())
    return name.as_posix()


def _copy(path: str | Path, name: Path, out: Path, copied: set[str]) -> str:
    if name.as_posix() not in copied:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out / name)
        copied.add(name.as_posix())
    return name.as_posix()
