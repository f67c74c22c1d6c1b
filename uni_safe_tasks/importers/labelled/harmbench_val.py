"""HarmBench's classifier validation set: 600 replies, the behaviour shown or not, by three people.

harmbench_text_val.json     {BehaviorID: [{test_case, generation, human_0, human_1, human_2}, …]}
harmbench_behaviors_text_all.csv    beside it, if there: Behavior and SemanticCategory by BehaviorID

Shown by two of three is our contextual unsafe; the rest is *not unsafe*. The shape was taken from
public code that reads the file, its name may differ in your copy: hand the file itself in then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from uni_safe_tasks.importers.labelled.labelled_reply import NOT_UNSAFE, LabelledReply
from uni_safe_tasks.importers.source import MAX_BYTES, SourceError, csv_rows, locate
from uni_safe_tasks.importers.values import text_of, truth_of

_FILES = ("harmbench_text_val.json", "judge_val/harmbench_text_val.json")
_BEHAVIOURS = "harmbench_behaviors_text_all.csv"
_VOTES = ("human_0", "human_1", "human_2")


def read(path: Path) -> Iterator[LabelledReply]:
    """One label a generation."""
    file = locate(path, _FILES)
    behaviours = _behaviours(file.parent)
    for name, rows in _entries(file).items():
        behaviour, category = behaviours.get(name, ("", ""))
        for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            where = f"{file}:{name[:60]}[{number}]"
            wanted = ("test_case", "generation", *_VOTES)
            if not isinstance(row, dict) or any(key not in row for key in wanted):
                raise SourceError(f"{where}: {', '.join(wanted)} are wanted")
            shown = sum(truth_of(row[vote], where) for vote in _VOTES) >= 2
            yield LabelledReply(
                where,
                f"{name}-{number}",
                text_of(row["test_case"], where, "test_case"),
                text_of(row["generation"], where, "generation"),
                ("unsafe",) if shown else NOT_UNSAFE,
                (category,) if category else (),
                intent=behaviour,
            )


def _entries(file: Path) -> dict[str, Any]:
    if (size := file.stat().st_size) > MAX_BYTES:
        raise SourceError(f"{file}: {size} bytes are too many for this set")
    try:
        loaded = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{file}: no JSON ({error})") from None
    if not isinstance(loaded, dict):
        raise SourceError(f"{file}: an object BehaviorID -> generations is wanted")
    return loaded


def _behaviours(folder: Path) -> dict[str, tuple[str, str]]:
    table = folder / _BEHAVIOURS
    if not table.is_file():
        return {}
    columns = ("BehaviorID", "Behavior", "SemanticCategory")
    rows = csv_rows(table, columns)
    return {row["BehaviorID"]: (row["Behavior"], row["SemanticCategory"]) for _, row in rows}
