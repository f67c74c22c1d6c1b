"""The cells that a `--tasks` value names: by name, pattern, tag or the root group."""

from __future__ import annotations

import fnmatch

from judger.contract.cell import CELLS, ISO_CELLS, SUITE, Cell
from judger.contract.iso import FORMS, ISO_SUITE


def cells_named(tasks: str) -> list[Cell]:
    """The cells, of both suites, that a comma list of names, patterns, tags or groups meets; in
    their one order."""
    patterns = [pattern.strip() for pattern in tasks.split(",") if pattern.strip()]
    return [
        cell
        for cell in (*CELLS, *ISO_CELLS)
        if any(fnmatch.fnmatchcase(name, p) for name in _names(cell) for p in patterns)
    ]


def _names(cell: Cell) -> tuple[str, ...]:
    return cell.name, *cell.tags, ISO_SUITE if cell.task_type in FORMS else SUITE
