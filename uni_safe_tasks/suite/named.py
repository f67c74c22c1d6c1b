"""The cells that a `--tasks` value names: by name, pattern, tag or the root group."""

from __future__ import annotations

import fnmatch

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.suite.leaves import leaf_name

GROUP = "uni_safe"


def cells_named(tasks: str) -> list[tuple[str, str]]:
    """(category, task type) of the cells that a comma list of names, patterns or tags meets."""
    patterns = [pattern.strip() for pattern in tasks.split(",") if pattern.strip()]
    return [
        (category, task_type)
        for category in CATEGORIES
        for task_type in TASK_TYPES
        if any(fnmatch.fnmatchcase(n, p) for n in names_of(category, task_type) for p in patterns)
    ]


def names_of(category: str, task_type: str) -> tuple[str, ...]:
    """What a cell is called in `--tasks`: its name, its two tags, the root group."""
    tags = f"unisafe-category-{category}", f"unisafe-type-{task_type}"
    return leaf_name(category, task_type), *tags, GROUP
