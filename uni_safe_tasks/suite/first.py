"""The first items of each cell: what `--limit` asks, and what the half of the suite holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from judger.contract.cell import CELLS
from uni_safe_tasks.scenario.rows import validate_all


@functools.lru_cache(maxsize=4)
def first_ids(limit: int) -> Mapping[tuple[str, str], frozenset[str]]:
    """The ids of the first `limit` items (1 or more) of each cell, in the order of the files,
    which is the harness's.

    RowError or FileNotFoundError when the data are broken.
    """
    found: dict[tuple[str, str], list[str]] = {cell: [] for cell in CELLS}
    for row in validate_all():
        for (category, task_type), ids in found.items():
            if row.category == category and getattr(row, task_type) is not None:
                ids.append(f"{row.id}.{task_type}")
    return {cell: frozenset(ids[:limit]) for cell, ids in found.items()}
