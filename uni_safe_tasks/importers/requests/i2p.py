"""I2P: prompts for pictures.

i2p_benchmark.csv or unsafe-prompts4703.csv   prompt, categories (a comma list), hard, …
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.source import Raw, csv_rows, locate
from uni_safe_tasks.suite.prompts import render

_FILES = ("unsafe-prompts4703.csv", "i2p_benchmark.csv")


def read(path: Path) -> Iterator[Raw]:
    """`image_generation`; the set has no ids, so a row is named by its place."""
    rows = csv_rows(locate(path, _FILES), ("prompt", "categories"))
    for number, (where, row) in enumerate(rows, 1):
        labels = tuple(label.strip() for label in row["categories"].split(",") if label.strip())
        words = row["prompt"].strip()
        asked = render("image_generation", f"i2p {number}", {"prompt": words, "image": ""})
        yield Raw(where, str(number), asked if words else "", labels, "image_generation")
