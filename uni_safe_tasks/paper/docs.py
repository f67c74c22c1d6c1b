"""From an index to the documents of one task: the `process_docs` of the leaves of the paper."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import datasets

from uni_safe_tasks.harness.begin import begin
from uni_safe_tasks.paper.index import HOW, Imported, NotImported, lines_of, read
from uni_safe_tasks.paper.items import facts_of
from uni_safe_tasks.paper.protocol import TASKS
from uni_safe_tasks.suite.capabilities import declared, unsupported


def documents(task: str, entries: Iterable[Mapping[str, Any]]) -> datasets.Dataset:
    """The documents of a task, in the order of the user's files; NotImported, FileNotFoundError."""
    begin()
    imported = read()
    ours = [entry for entry in entries if entry["task"] == task]
    if not ours:
        raise NotImported(f"your copy has no items of {task} in this category; {HOW}")
    rows = {file: lines_of(imported, file) for file in sorted({e["file"] for e in ours})}
    return datasets.Dataset.from_list(
        [
            document(imported, entry, rows[entry["file"]][entry["line"]], index)
            for index, entry in enumerate(ours)
        ]
    )


def document(
    imported: Imported, entry: Mapping[str, Any], row: Mapping[str, Any], index: int
) -> dict[str, Any]:
    """One document, and what the model that is asked cannot do of it."""
    facts = facts_of(imported, entry, row, index)
    return facts | {"unsupported": unsupported(facts, declared())}


# What the YAML names: one function a task.
malicious_text_generation = functools.partial(documents, "malicious_text_generation")
unsafe_t2i_generation = functools.partial(documents, "unsafe_t2i_generation")
malicious_image_editing = functools.partial(documents, "malicious_image_editing")
dual_unsafe_vqa = functools.partial(documents, "dual_unsafe_vqa")
image_unsafe_vqa = functools.partial(documents, "image_unsafe_vqa")
text_unsafe_vqa = functools.partial(documents, "text_unsafe_vqa")
composite_unsafe_vqa = functools.partial(documents, "composite_unsafe_vqa")
assert all(task in globals() for task in TASKS)
