"""`uni-safe data validate`: every fault of a data folder, each in one line that names its place.

Schema, ids, twins, pairs (`pairs`), things that are drawn (`drawn`), media and their manifest, the
recorded content hashes; the same of the sentences in `iso/`. Nothing stops at a first fault, so
that one call shows all that has to be mended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.release import content_hashes as content
from uni_safe_tasks.release.checks import drawn, pairs, sentences
from uni_safe_tasks.scenario.media_files import MANIFEST, all_paths, verify
from uni_safe_tasks.scenario.rows import MEDIA_FIELDS, problems
from uni_safe_tasks.scenario.schema import Scenario

#: A scenario with the place that a fault of it is named by.
Placed = tuple[str, Scenario]


def faults(folder: Path) -> Iterator[str]:
    """One line for each fault of a data folder; none for a sound one."""
    placed: list[Placed] = []
    for category in CATEGORIES:
        path = folder / f"{category}.jsonl"
        if not path.is_file():
            yield f"{path.name}: the file is missing"
            continue
        try:
            yield from problems(path)
        except UnicodeDecodeError as error:
            yield f"{path.name}: not UTF-8 ({error.reason} at byte {error.start})"
            continue
        placed += _sound(path)
    yield from _ids(placed)
    yield from _twins(placed)
    yield from pairs.faults(placed)
    yield from drawn.faults(placed)
    yield from _media(folder, placed)
    yield from content.changes(folder)
    if (folder / sentences.FOLDER).is_dir():
        yield from sentences.all_faults(folder / sentences.FOLDER)


def _sound(path: Path) -> Iterator[Placed]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield f"{path.name}:{number}", Scenario.model_validate_json(line)
        except ValidationError:
            continue  # `problems` has named it


def _ids(placed: list[Placed]) -> Iterator[str]:
    first: dict[str, str] = {}
    for where, row in placed:
        if row.id in first:
            yield f"{where}: id: {row.id!r} stands on {first[row.id]}, too"
        first.setdefault(row.id, where)


def _twins(placed: list[Placed]) -> Iterator[str]:
    by_id = {row.id: row for _, row in placed}
    taken: dict[str, str] = {}
    for where, row in placed:
        if row.kind != "benign":
            continue
        twin = by_id.get(row.twin_of)
        if twin is None or twin.kind != "harmful":
            yield f"{where}: twin_of: {row.twin_of!r} is no harmful row"
        elif (twin.category, twin.subcategory) != (row.category, row.subcategory):
            yield f"{where}: twin_of: {row.twin_of!r} is of {twin.category}/{twin.subcategory}"
        elif row.twin_of in taken:
            yield f"{where}: twin_of: {row.twin_of!r} has a twin on {taken[row.twin_of]}"
        taken.setdefault(row.twin_of, where)
    for where, row in placed:
        if row.kind == "harmful" and row.id not in taken:
            yield f"{where}: {row.id} has no twin"


def _media(folder: Path, placed: list[Placed]) -> Iterator[str]:
    """What rows ask for, against what is named, listed and there."""
    listed = _manifest(folder)
    used: set[str] = set()
    every = all_paths(row for _, row in placed)
    for where, row in placed:
        wanted = every[row.id]
        for form in TASK_TYPES:
            loaded = getattr(row, form)
            named = [v for field in MEDIA_FIELDS if (v := getattr(loaded, field, ""))]
            want = [wanted[form]] if form in wanted else []
            if named != want:
                yield f"{where}: {form}: names {named or 'no file'}, its medium is {want or 'none'}"
            used.update(want)
            for path in want:
                if not (folder / path).is_file():
                    yield f"{where}: {form}: {path} is missing (make media)"
                elif path not in listed:
                    yield f"{where}: {form}: {path} does not stand in {MANIFEST}"
    for path in sorted(set(listed) - used):
        yield f"{MANIFEST}: {path}: no row uses it"
    yield from (f"{MANIFEST}: {fault}" for fault in verify(folder) if "missing" not in fault)


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        loaded = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # `verify` names it
    return loaded if isinstance(loaded, dict) else {}
