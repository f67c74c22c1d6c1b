"""Writing labelled replies of another set as labels for `uni-safe validate-judge`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from judger.validation.labels import Label
from uni_safe_tasks.importers.category_labels import PLACES, Labels, Place, labels_of, version
from uni_safe_tasks.importers.labelled import (
    beavertails,
    do_not_answer,
    harmbench_val,
    jailbreakbench,
    wildguardtest,
    xstest_completions,
)
from uni_safe_tasks.importers.labelled.labelled_reply import LabelledReply
from uni_safe_tasks.importers.source import SourceError
from uni_safe_tasks.importers.values import item_id

READERS: dict[str, Callable[[Path], Iterator[LabelledReply]]] = {
    "beavertails": beavertails.read,
    "do-not-answer": do_not_answer.read,
    "harmbench-val": harmbench_val.read,
    "jailbreakbench": jailbreakbench.read,
    "wildguardtest": wildguardtest.read,
    "xstest-completions": xstest_completions.read,
}
#: Where a set names no category of ours: the judge is told the broadest one.
BROADEST: Place = PLACES["toxicity_content"]
TASK_TYPE = "text_generation"


@dataclass
class ImportedLabels:
    """What came of it: labels by verdict, those without a category of ours, dropped by reason."""

    verdicts: Counter[str] = field(default_factory=Counter)
    uncategorised: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        """The number of labels."""
        return self.verdicts.total()


def import_labels(name: str, path: Path, out: Path) -> ImportedLabels:
    """Read a user's copy of a set of `READERS` and write its labels; SourceError, OSError."""
    if not path.exists():
        raise SourceError(f"{path} does not exist; give the folder or file of your own copy")
    report = ImportedLabels()
    partial = out.with_name(out.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for line in _lines(name, READERS[name](path), report):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return report


def _lines(
    name: str, rows: Iterable[LabelledReply], report: ImportedLabels
) -> Iterator[dict[str, Any]]:
    labels, seen = labels_of(name), set[str]()
    for row in rows:
        place = _place(row, labels)
        if isinstance(place, str):
            report.dropped[place] += 1
            continue
        line = _line(name, row, place or BROADEST, labels)
        if line["id"] in seen:
            raise SourceError(f"{row.where}: id {row.source_id[:80]!r} stands on an earlier row")
        seen.add(line["id"])
        report.verdicts[" or ".join(row.verdicts)] += 1
        report.uncategorised += place is None
        yield line


def _line(name: str, row: LabelledReply, place: Place, labels: Labels) -> dict[str, Any]:
    known = row.verdicts[0] if len(row.verdicts) == 1 else None
    fields = {
        "id": item_id(name, row.source_id, row.where),
        "category": place.category,
        "subcategory": place.subcategory,
        "task_type": TASK_TYPE,
        "kind": row.kind,
        "intent": row.intent.strip(),
        "prompt": row.prompt.strip(),
        "reply": row.reply,
        "contextual": known,
        "contextual_in": () if known else row.verdicts,
        "helped": row.helped,
        "source": f"{labels.name} ({labels.licence}); labels.yaml {version()}",
        "by": f"people, as published by {labels.name}",
    }
    try:
        return Label.model_validate(fields).model_dump(exclude_defaults=True)
    except ValidationError as error:
        raise SourceError(f"{row.where}: {error.errors()[0]['msg']}") from None


def _place(row: LabelledReply, labels: Labels) -> Place | str | None:
    """Where a row belongs, None where its set does not say, or why it is dropped."""
    if row.skip:
        return row.skip
    if not row.prompt.strip() or not row.reply.strip():
        return "no prompt or no reply"
    if not row.labels:
        return None
    found = labels.place(row.labels[0])
    if found is None and labels.drops(row.labels[0]):
        return labels.why_not(row.labels[0])
    return found
