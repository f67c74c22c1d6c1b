"""Reading another data set's files: found or said to be missing, bounded, faults with their line.

A reader yields `Raw` rows; what they become is decided in one place (`importers.write`).
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judger.contract.errors import UserError
from judger.contract.outcomes import Kind

#: A larger file is not one of the sets we know.
MAX_BYTES = 256 * 1024 * 1024
#: So many names are shown of what was found instead.
SHOWN = 12
csv.field_size_limit(1024 * 1024)
#: A line after the last: a quote that is never closed would have swallowed it.
_END = "end of the file of uni-safe import"


class SourceError(UserError):
    """A copy that cannot be read: what, where (`file:line`), what to do."""


@dataclass(frozen=True)
class Raw:
    """One row of another data set, before its labels are looked up.

    `where` is `file:line` (a JSON list: its entry from 1). `labels` hold the deciding one first.
    `skip` says why a row has no place in the suite at all.
    """

    where: str
    source_id: str
    prompt: str
    labels: tuple[str, ...]
    task_type: str
    kind: Kind = "harmful"
    intent: str = ""
    image: Path | None = None
    skip: str = ""


def as_written(path: Path) -> Path:
    """The absolute path with its links unfollowed: a hub's snapshot is made of links."""
    return Path(os.path.normpath(Path.cwd() / path))


def below(folder: Path, name: str) -> Path:
    """`folder`/`name`, if that lies below `folder` as written; SourceError otherwise."""
    path = as_written(folder / name)
    if "\x00" in name or not path.is_relative_to(as_written(folder)):
        raise SourceError(f"{name[:120]!r} leads out of {folder}")
    return path


def locate(path: Path, names: Sequence[str]) -> Path:
    """The file itself, or the first of `names` (relative paths) below a folder; SourceError."""
    if path.is_file():
        return path
    for name in names:
        if (path / name).is_file():
            return path / name
    raise SourceError(f"{path}: no {' or '.join(names)} in it; found: {found(path)}")


def found(folder: Path) -> str:
    """What a folder holds, in a few words."""
    names = sorted(p.name + ("/" if p.is_dir() else "") for p in folder.iterdir())
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) + more) or "nothing"


def _text(path: Path) -> str:
    if (size := path.stat().st_size) > MAX_BYTES:
        raise SourceError(f"{path}: {size} bytes are too many for this set")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from None


def csv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(`file:line`, row) of a CSV file that has at least `columns`; SourceError otherwise."""
    reader = csv.reader(io.StringIO(f"{_text(path)}\n{_END}\n", newline=""))
    try:
        head = next(reader)
        if missing := [c for c in columns if c not in head]:
            raise SourceError(f"{path}:1: no column {', '.join(missing)}")
        if twice := [c for c in columns if head.count(c) > 1]:
            raise SourceError(f"{path}:1: two columns {', '.join(twice)}")
        start = 2
        for fields in reader:
            if fields and _END in fields[-1]:
                if fields != [_END]:
                    raise SourceError(f"{path}:{start}: a quote is opened and never closed")
            elif fields:
                yield _row(f"{path}:{reader.line_num}", head, fields)
            start = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(f"{path}:{reader.line_num}: {error}") from None


def _row(where: str, head: Sequence[str], fields: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A row by its columns. With more fields than columns, or fewer, they stand under wrong names,
    and a label would be read from a text."""
    if any(fields[len(head) :]):
        raise SourceError(f"{where}: a row with too many fields")
    if len(fields) < len(head):
        raise SourceError(f"{where}: a row with too few fields")
    return where, dict(zip(head, fields, strict=False))


def json_rows(path: Path, fields: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`file:entry`, object) of a JSON list, or of JSON Lines if the name ends in .jsonl."""
    text = _text(path)
    try:
        if path.suffix == ".jsonl":
            numbered = list(enumerate(text.split("\n"), 1))
            entries = [(n, json.loads(line)) for n, line in numbered if line.strip()]
        else:
            loaded = json.loads(text)
            entries = list(enumerate(loaded, 1)) if isinstance(loaded, list) else [(1, loaded)]
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path}: no JSON ({error})") from None
    for number, entry in entries:
        where = f"{path}:{number}"
        missing = [f for f in fields if not isinstance(entry, dict) or f not in entry]
        if missing:
            raise SourceError(f"{where}: no field {', '.join(missing)}")
        yield where, entry
