"""SIUO: an innocent picture and an innocent sentence whose combination is the risk.

data/siuo_gen.json   question_id, image, question, category, safety_warning, reference_answer
data/images/<image>
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.source import Raw, SourceError, below, json_rows, locate
from uni_safe_tasks.importers.values import text_of

_NAME = "siuo_gen.json"
_FIELDS = ("question_id", "image", "question", "category")


def read(path: Path) -> Iterator[Raw]:
    """`multimodal_interaction`; SourceError names the line of a picture that is not there."""
    table = locate(path, (_NAME, f"data/{_NAME}"))
    for where, row in json_rows(table, _FIELDS):
        name = text_of(row["image"], where, "image")
        folders = (table.parent / "images", table.parent)
        images = [below(folder, name) for folder in folders]
        image = next((p for p in images if p.is_file()), None)
        if image is None:
            raise SourceError(f"{where}: the picture {images[0]} is missing")
        yield Raw(
            where,
            row["question_id"],
            text_of(row["question"], where, "question"),
            (text_of(row["category"], where, "category"),),
            "multimodal_interaction",
            intent=text_of(row.get("safety_warning"), where, "safety_warning"),
            image=image,
        )
