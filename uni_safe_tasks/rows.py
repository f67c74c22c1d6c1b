"""Reading, checking, ordering and writing the scenario files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from judger.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.files import DATA
from uni_safe_tasks.media.listing import all_paths
from uni_safe_tasks.schema import Scenario

#: The fields of a form that name a file.
MEDIA_FIELDS = ("image", "audio", "video")


class RowError(ValueError):
    """A line of a data file that is no scenario: file, line, field and what is wrong."""


def problems(path: Path) -> Iterator[str]:
    """One line for each fault of a data file, `file:line: field: what`."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = Scenario.model_validate_json(line)
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(map(str, fault["loc"])) or "row"
                yield f"{path.name}:{number}: {where}: {fault['msg']}"
            continue
        if row.category != path.stem:
            yield f"{path.name}:{number}: category: {row.category!r} stands in {path.name}"


def read(path: Path) -> list[Scenario]:
    """The scenarios of one file; RowError with the first fault."""
    if (first := next(problems(path), None)) is not None:
        raise RowError(first)
    return [Scenario.model_validate_json(line) for line in path.read_text("utf-8").splitlines()]


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


def interleaved(rows: Iterable[Scenario]) -> list[Scenario]:
    """The rows in an order of which every prefix is balanced over kind and sub-category.

    Each row gets the place (k + ½) / n of its stratum and strata are merged by place; canaries
    come a little earlier, so that a small sample holds one.
    """
    strata: dict[tuple[str, str], list[Scenario]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        strata.setdefault((row.kind, row.subcategory), []).append(row)
    placed = []
    for key in sorted(strata):
        shift = 0.2 if key[0] == "canary" else 0.5
        group = strata[key]
        placed += [((index + shift) / len(group), key, row) for index, row in enumerate(group)]
    return [row for _, _, row in sorted(placed, key=lambda entry: entry[:2])]


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


if __name__ == "__main__":
    for category in CATEGORIES:
        write(DATA / f"{category}.jsonl", read(DATA / f"{category}.jsonl"))
