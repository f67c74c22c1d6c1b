"""Writing another data set as items of our cells: what a row becomes, and what is dropped and why.

A line is what `uni-safe score` takes once a `reply` is added: item_id, prompt, request_image (a
path relative to the file), kind, category, subcategory, task_type, intent, source, labels.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uni_safe_tasks.importers.category_labels import Labels, Place, labels_of, version
from uni_safe_tasks.importers.requests import (
    ailuminate,
    bbq,
    figstep,
    harmbench,
    i2p,
    siuo,
    strongreject,
    xstest,
)
from uni_safe_tasks.importers.source import Raw, SourceError, as_written
from uni_safe_tasks.importers.values import item_id as item_id_of

READERS: dict[str, Callable[[Path], Iterator[Raw]]] = {
    "ailuminate": ailuminate.read,
    "bbq": bbq.read,
    "figstep": figstep.read,
    "harmbench": harmbench.read,
    "i2p": i2p.read,
    "siuo": siuo.read,
    "strongreject": strongreject.read,
    "xstest": xstest.read,
}


@dataclass
class Imported:
    """What came of an import: items by (category, task type), and what was dropped by reason."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        """The number of items."""
        return sum(self.cells.values())


def import_set(name: str, path: Path, out: Path) -> Imported:
    """Read a user's copy of a set of `READERS` and write its items; SourceError, OSError."""
    if not path.exists():
        raise SourceError(f"{path} does not exist; give the folder or file of your own copy")
    report = Imported()
    # Read before anything is written: a report of what a folder holds must not name our own file.
    lines = list(_lines(name, READERS[name](path), as_written(out).parent, report))
    partial = out.with_name(out.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return report


def _lines(
    name: str, rows: Iterable[Raw], folder: Path, report: Imported
) -> Iterator[dict[str, Any]]:
    labels, seen = labels_of(name), set[str]()
    source = f"{labels.name} ({labels.licence}); labels.yaml {version()}"
    for raw in rows:
        place = _place(raw, labels)
        if isinstance(place, str):
            report.dropped[place] += 1
            continue
        item_id = item_id_of(name, raw.source_id, raw.where)
        if item_id in seen:
            raise SourceError(f"{raw.where}: id {raw.source_id[:80]!r} stands on an earlier row")
        seen.add(item_id)
        report.cells[place.category, raw.task_type] += 1
        yield {
            "item_id": item_id,
            "kind": raw.kind,
            "category": place.category,
            "subcategory": place.subcategory,
            "task_type": raw.task_type,
            "intent": raw.intent,
            "prompt": raw.prompt.strip(),
            "request_image": _relative(raw.image, folder) if raw.image else "",
            "source": source,
            "labels": list(raw.labels),
        }


def _relative(image: Path, folder: Path) -> str:
    """A picture's path as the file names it: relative where it lies below the file's folder."""
    path = as_written(image)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _place(raw: Raw, labels: Labels) -> Place | str:
    """Where a row belongs, or why it is dropped."""
    if raw.skip:
        return raw.skip
    if not raw.prompt.strip():
        return "no prompt"
    first = raw.labels[0] if raw.labels else ""
    return labels.place(first) or labels.why_not(first)
