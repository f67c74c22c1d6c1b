"""HarmBench: behaviours as requests; those with a context ask about a passage.

harmbench_behaviors_text_all.csv   Behavior, FunctionalCategory, SemanticCategory, Tags,
                                   ContextString, BehaviorID
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.source import Raw, csv_rows, locate
from uni_safe_tasks.suite.prompts import render

_NAME = "harmbench_behaviors_text_all.csv"
_FILES = (_NAME, f"data/behavior_datasets/{_NAME}")
_COLUMNS = (*("Behavior", "FunctionalCategory", "SemanticCategory", "ContextString", "BehaviorID"),)


def read(path: Path) -> Iterator[Raw]:
    """`text_generation`, or `text_understanding` for a behaviour with a context."""
    for where, row in csv_rows(locate(path, _FILES), _COLUMNS):
        asked, passage, source_id = row["Behavior"], row["ContextString"], row["BehaviorID"]
        labels = (row["SemanticCategory"],)
        copyright_row = row["FunctionalCategory"] == "copyright"
        task_type = "text_understanding" if passage.strip() else "text_generation"
        if passage.strip():
            form = {"instruction": asked, "passage": passage}
            asked = render(task_type, f"harmbench {source_id}", form)
        skip = "copyright rows: no category of ours" if copyright_row else ""
        yield Raw(where, source_id, asked, labels, task_type, skip=skip)
