"""Whose task is it? The one answer for everything that must leave other people's tasks alone."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from judger.bridges import harness
from judger.contract.cell import CELLS, ISO_CELLS, SUITE
from judger.contract.iso import ISO_SUITE

#: What the names of our tasks, groups and tags begin with.
PREFIXES = ("uni_safe_", "uni_safebench", "unisafe_", "unisafe-")
GROUPS = (SUITE, ISO_SUITE)
_HANDS_IN = (harness.process_results, harness.paper_results)


def is_asked_for(name: str) -> bool:
    """Does a name, path or pattern, as it is given to `--tasks`, ask for tasks of ours?"""
    if Path(name).name.startswith(PREFIXES) or Path(name).name in GROUPS:
        return True
    return "*" in name and any(fnmatch.fnmatch(cell.name, name) for cell in (*CELLS, *ISO_CELLS))


def tasks_of_ours(tasks: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """(name, task) of each of our tasks in the harness's tree of groups and tasks.

    Ours are those that hand replies to our judge, whatever they are called.
    """
    for name, held in tasks.items():
        task = held[1] if isinstance(held, tuple) else held
        if isinstance(task, Mapping):
            yield from tasks_of_ours(task)
        elif getattr(getattr(task, "config", None), "process_results", None) in _HANDS_IN:
            yield str(name), task
