"""A small, sound data folder cut out of the shipped one: harmful rows, their twins, canaries."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.release import content_hashes as content
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import MANIFEST, all_paths
from uni_safe_tasks.scenario.schema import Scenario

Row = dict[str, Any]


def rows(category: str) -> list[Row]:
    """The first benign row of a shipped file, the harmful one that it mirrors, and a canary."""
    lines = (DATA / f"{category}.jsonl").read_text(encoding="utf-8").splitlines()
    all_rows = [json.loads(line) for line in lines]
    benign = next(row for row in all_rows if row["kind"] == "benign")
    harmful = next(row for row in all_rows if row["id"] == benign["twin_of"])
    return [harmful, benign, next(row for row in all_rows if row["kind"] == "canary")]


def write(folder: Path) -> Path:
    """Write the small data set with its media, manifest, version and content hashes."""
    listed = json.loads((DATA / MANIFEST).read_text(encoding="utf-8"))
    kept = {}
    folder.mkdir(parents=True, exist_ok=True)
    for category in CATEGORIES:
        chosen = rows(category)
        put(folder, category, chosen)
        found = all_paths([Scenario.model_validate(row) for row in chosen])
        for path in {path for paths in found.values() for path in paths.values()}:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(DATA / path, folder / path)
            kept[path] = listed[path]
    (folder / MANIFEST).write_text(json.dumps(kept), encoding="utf-8")
    (folder / "VERSION").write_text("1.0.0\n", encoding="utf-8")
    content.write(folder)
    return folder


def put(folder: Path, category: str, chosen: Sequence[Row | str]) -> None:
    """Write one scenario file; a text stands as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in chosen]
    (folder / f"{category}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
