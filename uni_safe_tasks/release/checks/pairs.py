"""Minimal pairs: a harmful row and its twin differ in one side of each form, words or medium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.scenario.media_files import same_medium
from uni_safe_tasks.scenario.schema import Scenario

Placed = tuple[str, Scenario]
Difference = Literal["same words", "same medium", "both differ", "identical"]
#: What a form asks in words.
WORDS = ("instruction", "question", "prompt")


def difference(form: str, harmful: Scenario, benign: Scenario) -> Difference:
    """In which side of a form two twins differ; a passage counts as a medium."""
    one, other = getattr(harmful, form), getattr(benign, form)
    words = all(getattr(one, w, None) == getattr(other, w, None) for w in WORDS)
    read = getattr(one, "passage", None) == getattr(other, "passage", None)
    medium = same_medium(form, harmful, benign) and read
    if words:
        return "identical" if medium else "same words"
    return "same medium" if medium else "both differ"


def has_medium(form: str, row: Scenario) -> bool:
    """Whether the form of a row shows or plays something."""
    part = getattr(row, form)
    return any(getattr(part, source, None) for source in ("picture", "storyboard", "speech"))


def faults(placed: Sequence[Placed]) -> Iterator[str]:
    """One line for each form in which twins are the same, or differ in both sides."""
    by_id = {row.id: row for _, row in placed}
    for where, row in placed:
        twin = by_id.get(row.twin_of)
        if row.kind != "benign" or twin is None or twin.kind != "harmful":
            continue
        for form in TASK_TYPES:
            found = difference(form, twin, row)
            if found == "identical":
                yield f"{where}: {form}: the same as in {twin.id}"
            elif found == "both differ" and has_medium(form, row):
                yield f"{where}: {form}: words and medium differ from {twin.id}: one side should"


def table(rows: Sequence[Scenario]) -> dict[str, Counter[Difference]]:
    """Form -> how many pairs differ in which side."""
    by_id = {row.id: row for row in rows}
    counts: dict[str, Counter[Difference]] = {form: Counter() for form in TASK_TYPES}
    for row in rows:
        if row.twin_of in by_id:
            for form in TASK_TYPES:
                counts[form][difference(form, by_id[row.twin_of], row)] += 1
    return counts
