"""Reading a user's own copy of the original data: what is there, what is missing, what is broken.

Only where an item stands and how it is labelled is kept; its words stay in the user's files.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from judger.offline.jsonl import LineError, rows
from uni_safe_tasks.importers.labels import labels_of
from uni_safe_tasks.importers.source import SourceError, as_written
from uni_safe_tasks.paper.protocol import SUITE, TASKS

#: So many files are looked at to say what was found instead.
_LOOKED_AT = 2000


@dataclass(frozen=True)
class Entry:
    """One item: where it stands in the copy, never what it says. `file` is below the root."""

    item_id: str
    task: str
    category: str
    subcategory: str
    file: str
    line: int
    image: str


@dataclass
class Survey:
    """A copy that was read through. `faults` are `file:line: what`; `dropped` labels by reason."""

    top: Path
    root: Path
    entries: list[Entry] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    #: Where no file of the layout is there: what is, by kind of file.
    instead: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """Items by (task, category)."""
        return Counter((entry.task, entry.category) for entry in self.entries)


def survey(path: Path) -> Survey:
    """Read a copy: the folder that holds `VQA`, `T2I` …, or the one above. SourceError, OSError."""
    if not path.is_dir():
        raise SourceError(f"{path} is no folder; give the folder of your own copy")
    top = as_written(path)
    root = top / "data" if (top / "data").is_dir() else top
    result = Survey(top, root)
    for task, source in TASKS.items():
        file = _file(root, source.file)
        if file is None:
            result.missing.append(source.file)
            continue
        name = file.relative_to(root).as_posix()
        result.sha256[name] = hashlib.sha256(file.read_bytes()).hexdigest()
        result.entries += _entries(task, file, name, result)
    if not result.sha256:
        files = (p for p in islice(top.rglob("*"), _LOOKED_AT) if p.is_file())
        result.instead = Counter(p.suffix.lower() or "no suffix" for p in files)
    return result


def _file(root: Path, name: str) -> Path | None:
    """The authors' scripts say `inputs.jsonl` once and `input.jsonl` else: either is taken."""
    folder = (root / name).parent
    return next((p for n in ("input.jsonl", "inputs.jsonl") if (p := folder / n).is_file()), None)


def _entries(task: str, file: Path, name: str, result: Survey) -> Iterator[Entry]:
    seen: set[str] = set()
    try:
        for number, row in rows(file):
            try:
                entry = _entry(task, name, number, row, result)
                if entry is not None and entry.item_id in seen:
                    raise SourceError(f"id {row['id']!r} stands on an earlier line, too")
            except SourceError as error:
                result.faults.append(f"{file}:{number}: {error}")
                continue
            if entry is not None:
                seen.add(entry.item_id)
                yield entry
    except LineError as error:
        result.faults.append(str(error))


def _entry(
    task: str, name: str, number: int, row: Mapping[str, Any], result: Survey
) -> Entry | None:
    """The entry of a line, None where its label is dropped; SourceError says what is wrong."""
    source_id, label, image = row.get("id"), row.get("category"), row.get("image") or ""
    if isinstance(source_id, bool) or not isinstance(source_id, int | str) or source_id == "":
        raise SourceError(f"id: a number or a text is wanted, not {source_id!r}")
    if not isinstance(row.get("prompt"), str) or not row["prompt"].strip():
        raise SourceError("prompt: a text is wanted")
    if not isinstance(label, str) or not isinstance(image, str):
        raise SourceError("category and image: texts are wanted")
    wants = TASKS[task].picture
    if wants and not image:
        raise SourceError("image: this task's items have a picture")
    place = labels_of(SUITE).place(label)
    if place is None:
        result.dropped[labels_of(SUITE).why_not(label)] += 1
        return None
    picture = _picture(result, name, image) if wants else ""
    item_id = f"{SUITE}.{task}.{quote(str(source_id), safe='')}"
    return Entry(item_id, task, place.category, place.subcategory, name, number, picture)


def _picture(result: Survey, name: str, image: str) -> str:
    """The path of a picture; the layout leaves open what `image` is relative to."""
    root = result.root
    bases = (root, (root / name).parent, root.parent)
    tried = [as_written(base / image) for base in bases]
    if "\x00" in image or not any(path.is_relative_to(result.top) for path in tried):
        raise SourceError(f"image: {image[:120]!r} leads out of {result.top}")
    for path in tried:
        if path.is_relative_to(result.top) and path.is_file():
            return str(path)
    raise SourceError(f"image: {image[:200]!r} is missing (looked for {tried[0]} and {tried[1]})")
