"""AILuminate: the English demo prompts.

airr_official_1.0_demo_en_us_prompt_set_release.csv   release_prompt_id, prompt_text, hazard, …
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.source import Raw, csv_rows, locate

_NAME = "airr_official_1.0_demo_en_us_prompt_set_release.csv"
_COLUMNS = ("release_prompt_id", "prompt_text", "hazard", "locale")


def read(path: Path) -> Iterator[Raw]:
    """`text_generation`; rows in other languages than English are left out."""
    for where, row in csv_rows(locate(path, (_NAME,)), _COLUMNS):
        english = row["locale"].lower().startswith("en")
        yield Raw(
            where,
            row["release_prompt_id"],
            row["prompt_text"],
            (row["hazard"],),
            "text_generation",
            skip="" if english else f"locale {row['locale'][:20]!r}: the suite is in English",
        )
