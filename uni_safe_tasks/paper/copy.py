"""Reading a user's own copy of the original data: what is there, what is missing, what is broken.

Only where an item stands and how it is labelled is kept; its words stay in the user's files.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from judger.media.files import MediaError, OurMediaError
from judger.media.thumb import picture_format
from uni_safe_tasks.importers.category_labels import labels_of
from uni_safe_tasks.importers.source import SourceError, as_written
from uni_safe_tasks.paper.lines import numbered, parsed
from uni_safe_tasks.paper.protocol import SUITE, TASKS

#: So many files are looked at to say what was found instead.
_LOOKED_AT = 2000
#: So many pictures are opened at a time.
_OPENED = 8


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
    """A copy that was read through. `dropped` are labels by reason.

    `faults` are `file:line: what`, one for each line that cannot be used; it is not in `entries`.
    """

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
        data = file.read_bytes()
        result.sha256[name] = hashlib.sha256(data).hexdigest()
        _take(task, name, data, result)
    if not result.sha256:
        files = (p for p in islice(top.rglob("*"), _LOOKED_AT) if p.is_file())
        result.instead = Counter(p.suffix.lower() or "no suffix" for p in files)
    return result


def _file(root: Path, name: str) -> Path | None:
    """The authors' scripts say `inputs.jsonl` once and `input.jsonl` else: either is taken."""
    folder = (root / name).parent
    return next((p for n in ("input.jsonl", "inputs.jsonl") if (p := folder / n).is_file()), None)


def _take(task: str, name: str, data: bytes, result: Survey) -> None:
    """Add the entries of one file, and a fault for each line that cannot be used."""
    faults: dict[int, str] = {}
    entries: dict[str, Entry] = {}
    for number, line in numbered(data):
        try:
            row = parsed(line)
            if row is None or (entry := _entry(task, name, number, row, result)) is None:
                continue
            if entry.item_id in entries:
                raise SourceError(f"id {row['id']!r} stands on an earlier line, too")
            entries[entry.item_id] = entry
        except SourceError as error:
            faults[number] = str(error)
    faults |= _unopened(entries.values())
    result.entries += [entry for entry in entries.values() if entry.line not in faults]
    file = result.root / name
    result.faults += [f"{file}:{number}: {faults[number]}" for number in sorted(faults)]


def _unopened(entries: Iterable[Entry]) -> dict[int, str]:
    """Line -> what is wrong with its picture, through the one door for media files."""
    pictures: dict[str, list[int]] = {}
    for entry in entries:
        if entry.image:
            pictures.setdefault(entry.image, []).append(entry.line)
    with ThreadPoolExecutor(_OPENED) as pool:
        found = zip(pictures.values(), pool.map(_closed, pictures), strict=True)
        return {line: why for lines, why in found if why for line in lines}


def _closed(picture: str) -> str:
    """Why a picture cannot be opened, "" where it can. What this machine cannot do is raised."""
    try:
        picture_format(Path(picture).resolve())
    except OurMediaError:
        raise
    except (MediaError, OSError) as error:
        return f"image: {error}"
    return ""


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
    tried += [as_written(root / tail) for tail in _below_data(image)]
    if "\x00" in image or not any(path.is_relative_to(result.top) for path in tried):
        raise SourceError(f"image: {image[:120]!r} leads out of {result.top}")
    for path in tried:
        if path.is_relative_to(result.top) and path.is_file():
            return str(path)
    raise SourceError(f"image: {image[:200]!r} is missing (looked for {tried[0]} and {tried[1]})")


def _below_data(image: str) -> Iterator[str]:
    """What stands below `data` in a path from where the authors' scripts were started:
    `./Uni-SafeBench/data/VQA/…`."""
    parts = PurePosixPath(image.replace("\\", "/")).parts
    if "data" in parts and not image.startswith("/"):
        yield "/".join(parts[parts.index("data") + 1 :])
