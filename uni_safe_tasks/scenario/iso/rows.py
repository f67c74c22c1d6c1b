"""Reading the rows of `data/iso`: every fault in one line that names file, line and field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.rows import RowError

#: The folder of the rows below a data folder.
FOLDER = "iso"


def placed(path: Path) -> Iterator[tuple[str, Sentence | str]]:
    """(`file:line`, row) of every line of a file; where a line is no row, what is wrong instead."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{FOLDER}/{path.name}:{number}"
        try:
            row = Sentence.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            yield where, f"{'.'.join(map(str, first['loc'])) or 'row'}: {first['msg']}"
            continue
        if row.category != path.stem:
            yield where, f"category: {row.category!r} stands in {path.name}"
        else:
            yield where, row


def problems(path: Path) -> Iterator[str]:
    """One line for each line of a file that is no row, `file:line: field: what`."""
    for where, row in placed(path):
        if isinstance(row, str):
            yield f"{where}: {row}"


def read(path: Path) -> list[Sentence]:
    """The rows of one file; RowError with the first fault."""
    rows: list[Sentence] = []
    for where, row in placed(path):
        if isinstance(row, str):
            raise RowError(f"{where}: {row}")
        rows.append(row)
    return rows


def read_all(folder: Path = DATA) -> list[Sentence]:
    """The rows of all categories; RowError, or FileNotFoundError that names a missing file."""
    rows: list[Sentence] = []
    for category in CATEGORIES:
        path = folder / FOLDER / f"{category}.jsonl"
        if not path.is_file():
            raise FileNotFoundError(f"the data file {path} is missing")
        rows += read(path)
    return rows
