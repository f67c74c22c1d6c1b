"""StrongREJECT: forbidden prompts.

strongreject_dataset.csv   category, source, forbidden_prompt
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.source import Raw, csv_rows, locate

_NAME = "strongreject_dataset.csv"


def read(path: Path) -> Iterator[Raw]:
    """`text_generation`; the set has no ids, so a row is named by its place."""
    rows = csv_rows(locate(path, (_NAME, f"strongreject_dataset/{_NAME}")), _COLUMNS)
    for number, (where, row) in enumerate(rows, 1):
        yield Raw(
            where, str(number), row["forbidden_prompt"], (row["category"],), "text_generation"
        )


_COLUMNS = ("category", "forbidden_prompt")
