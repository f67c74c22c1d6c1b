"""What the suite in this installation asks: its items, and the hashes of its data and templates."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from judger.contract import cell
from judger.contract.item import Item
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from leaderboard.submission.verdicts import Asked
from uni_safe_tasks.scenario.locations import DATA, prompt_templates
from uni_safe_tasks.scenario.rows import validate_all
from uni_safe_tasks.suite.document import document

#: The 42 cells in their one order.
CELLS: tuple[tuple[str, str], ...] = cell.CELLS


def items() -> Mapping[str, Asked]:
    """Every item of the suite by id, as a verdict line must name it.

    RowError or FileNotFoundError when the data are broken.
    """
    return _remembered() or _rendered()


@functools.lru_cache(maxsize=1)
def _remembered() -> dict[str, Asked]:
    """What `remember` was given: the same object each time."""
    return {}


def remember(known: Iterable[Asked]) -> None:
    """Take these items, which were rendered from the same data, templates and media, instead of
    rendering each again."""
    _remembered().update((item.item_id, item) for item in known)


@functools.lru_cache(maxsize=1)
def _rendered() -> Mapping[str, Asked]:
    found = {}
    for row in validate_all():
        loaded = row.model_dump()
        for task_type in TASK_TYPES:
            if loaded[task_type] is not None:
                item = Item.from_doc(document(task_type, loaded, 0))
                facts = item.kind, item.category, item.subcategory, task_type, item.prompt_sha256
                found[item.item_id] = Asked(item.item_id, *facts)
    return found


@functools.lru_cache(maxsize=1)
def asked() -> Mapping[tuple[str, str], frozenset[Asked]]:
    """The items of each cell."""
    cells: dict[tuple[str, str], set[Asked]] = {cell: set() for cell in CELLS}
    for item in items().values():
        cells[item.category, item.task_type].add(item)
    return {cell: frozenset(found) for cell, found in cells.items()}


@functools.lru_cache(maxsize=1)
def item_ids() -> Mapping[tuple[str, str], frozenset[str]]:
    """The ids of the items of each cell."""
    return {cell: frozenset(item.item_id for item in found) for cell, found in asked().items()}


@functools.lru_cache(maxsize=1)
def data_sha256() -> str:
    """The hash of all scenario files and, through their manifest, of all media."""
    files = [DATA / f"{category}.jsonl" for category in sorted(CATEGORIES)]
    return _sha256([*files, DATA / "media" / "MANIFEST.json"])


@functools.lru_cache(maxsize=1)
def prompt_template_sha256() -> dict[str, str]:
    """The hash of the prompt template of each task type."""
    folder = prompt_templates()
    return {task_type: _sha256([folder / f"{task_type}.jinja"]) for task_type in TASK_TYPES}


def _sha256(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
