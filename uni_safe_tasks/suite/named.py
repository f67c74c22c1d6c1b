"""The cells that a `--tasks` value names: by name, pattern, tag or the root group."""

from __future__ import annotations

import fnmatch

from judger.contract.cell import CELLS, SUITE, Cell


def cells_named(tasks: str) -> list[Cell]:
    """The cells that a comma list of names, patterns or tags meets, in their one order."""
    patterns = [pattern.strip() for pattern in tasks.split(",") if pattern.strip()]
    return [
        cell
        for cell in CELLS
        if any(fnmatch.fnmatchcase(n, p) for n in (cell.name, *cell.tags, SUITE) for p in patterns)
    ]
