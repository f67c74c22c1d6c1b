"""Reading and writing the rows of `data/iso`; every fault in one line: file, line and field.

python -m uni_safe_tasks.scenario.iso.rows            # the shipped files in their canonical form
python -m uni_safe_tasks.scenario.iso.rows FOLDER     # take the pairs of FOLDER in instead
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.scenario.iso.files import media_paths
from uni_safe_tasks.scenario.iso.locations import DATA
from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.scenario.rows import RowError, interleaved


def placed(path: Path) -> Iterator[tuple[str, Sentence | str]]:
    """(`file:line`, row) of every line of a file; where a line is no row, what is wrong instead."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"iso/{path.name}:{number}"
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
        path = folder / f"{category}.jsonl"
        if not path.is_file():
            raise FileNotFoundError(f"the data file {path} is missing")
        rows += read(path)
    return rows


def require_sentences(folder: Path = DATA) -> None:
    """RowError at the first line that is no row, FileNotFoundError at a medium that is missing."""
    for row in read_all(folder):
        for form, path in media_paths(row).items():
            if not (folder / path).is_file():
                raise FileNotFoundError(
                    f"{row.id}.{form}: {folder / path} is missing (run `make media`)"
                )


def write(path: Path, rows: Iterable[Sentence]) -> None:
    """Write rows in their canonical form: interleaved, every field present, one a line."""
    lines = [json.dumps(row.model_dump(), ensure_ascii=False) for row in interleaved(rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(folder: Path = DATA) -> None:
    """Write every file of the suite from the rows of a folder; canaries that it has none of stay.

    RowError, or FileNotFoundError that names a missing file.
    """
    for category in CATEGORIES:
        rows = read(folder / f"{category}.jsonl")
        if not any(row.kind == "canary" for row in rows) and (DATA / f"{category}.jsonl").is_file():
            rows += [r for r in read(DATA / f"{category}.jsonl") if r.kind == "canary"]
        write(DATA / f"{category}.jsonl", rows)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
