"""Reading, checking, ordering and writing the scenario files.

python -m uni_safe_tasks.scenario.rows            # the shipped files in their canonical form again
python -m uni_safe_tasks.scenario.rows FOLDER     # take the drafts of FOLDER in instead

FOLDER holds `<category>.jsonl` files, and others, such as `canaries.jsonl`: rows name their
category.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from judger.contract.errors import UserError
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import all_paths
from uni_safe_tasks.scenario.schema import Scenario

#: The fields of a form that name a file.
MEDIA_FIELDS = ("image", "audio", "video")


class RowError(UserError):
    """A line of a data file that is no scenario: file, line, field and what is wrong."""


def problems(path: Path) -> Iterator[str]:
    """One line for each fault of a data file, `file:line: field: what`."""
    return (found for found in _looked_at(path) if isinstance(found, str))


def read(path: Path) -> list[Scenario]:
    """The scenarios of one file; RowError with the first fault."""
    rows = []
    for found in _looked_at(path):
        if isinstance(found, str):
            raise RowError(found)
        rows.append(found)
    return rows


def _looked_at(path: Path) -> Iterator[Scenario | str]:
    """What each line gives: its scenario, or what is wrong with it."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = Scenario.model_validate_json(line)
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(map(str, fault["loc"])) or "row"
                yield f"{path.name}:{number}: {where}: {fault['msg']}"
            continue
        if row.category == path.stem:
            yield row
        else:
            yield f"{path.name}:{number}: category: {row.category!r} stands in {path.name}"


def validate_all(folder: Path = DATA) -> list[Scenario]:
    """All scenarios of the suite; RowError or FileNotFoundError at the first fault."""
    rows: list[Scenario] = []
    for category in CATEGORIES:
        path = folder / f"{category}.jsonl"
        if not path.is_file():
            raise FileNotFoundError(f"the data file {path} is missing")
        rows += read(path)
    seen = Counter(row.id for row in rows)
    harmful = {row.id for row in rows if row.kind == "harmful"}
    for row in rows:
        if seen[row.id] > 1:
            raise RowError(f"{row.category}.jsonl: id {row.id!r} stands {seen[row.id]} times")
        if row.twin_of and row.twin_of not in harmful:
            raise RowError(f"{row.category}.jsonl: {row.id}: twin_of {row.twin_of!r} is no row")
    if alone := sorted(harmful - {row.twin_of for row in rows}):
        raise RowError(f"{alone[0]} has no twin")
    return rows


def require_media(rows: Iterable[Scenario], folder: Path = DATA) -> None:
    """FileNotFoundError that names the first item whose medium is not there."""
    for row in rows:
        for form in TASK_TYPES:
            loaded = getattr(row, form)
            for field in MEDIA_FIELDS:
                path = getattr(loaded, field, "")
                if path and not (folder / path).is_file():
                    raise FileNotFoundError(
                        f"{row.id}.{form}: {field} file data/{path} is missing (run `make media`)"
                    )


class Balanced(Protocol):
    """A row that can be told apart by what a sample has to be balanced over."""

    id: str
    kind: Any
    subcategory: str


Row = TypeVar("Row", bound=Balanced)


def interleaved(rows: Iterable[Row]) -> list[Row]:
    """The rows in an order of which every prefix is balanced over kind and sub-category.

    Each row gets the place (k + ½) / n of its stratum and strata are merged by place; a twin
    follows its harmful row, and canaries come a little earlier, so that a small sample holds one.
    """
    strata: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        strata.setdefault((row.subcategory, row.kind), []).append(row)
    placed = []
    for (subcategory, kind), group in strata.items():
        shift = 0.1 if kind == "canary" else 0.5
        rank = ("canary", "harmful", "benign").index(kind)
        for index, row in enumerate(group):
            placed.append(((index + shift) / len(group), subcategory, rank, row))
    return [row for *_, row in sorted(placed, key=lambda entry: entry[:3])]


def with_media_paths(row: Scenario, found: Mapping[str, str]) -> Scenario:
    """The row with the path of every medium that its forms ask for: `found`, by form."""
    loaded = row.model_dump()
    for form, path in found.items():
        field = {"audio_processing": "audio", "video_analysis": "video"}.get(form, "image")
        loaded[form][field] = path
    return Scenario.model_validate(loaded)


def write(path: Path, rows: Iterable[Scenario]) -> None:
    """Write rows in their canonical form: interleaved, every field present, one a line."""
    ordered = interleaved(rows)
    every = all_paths(ordered)
    lines = [
        json.dumps(with_media_paths(row, every[row.id]).model_dump(), ensure_ascii=False)
        for row in ordered
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def drafts(folder: Path) -> dict[str, list[Scenario]]:
    """The rows of all files of a folder by category, media paths left out.

    Raises:
        RowError: a line is no scenario; names file and line.
        FileNotFoundError: a category has no row.
    """
    found: dict[str, list[Scenario]] = {category: [] for category in CATEGORIES}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = Scenario.model_validate_json(line)
            except ValidationError as error:
                raise RowError(f"{path.name}:{number}: {error}") from error
            found[row.category].append(row)
    if empty := [category for category, rows in found.items() if not rows]:
        raise FileNotFoundError(f"{folder}: no rows of {', '.join(empty)}")
    return found


def main(folder: Path = DATA) -> None:
    """Write every scenario file of the suite from the rows of a folder."""
    for category, rows in drafts(folder).items():
        write(DATA / f"{category}.jsonl", rows)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
