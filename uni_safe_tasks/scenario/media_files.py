"""Which file holds the medium of which form, and whether the shipped files are those listed.

Nothing is drawn here: what a run of the benchmark and the checks of the data need of media.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from uni_safe_tasks.scenario.schema import Scenario

MANIFEST = "media/MANIFEST.json"
SUFFIXES = (".webp", ".ogg", ".mp4")
PICTURES = ("image_understanding", "image_generation", "multimodal_interaction")
#: What a form's medium is made from.
SOURCES = ("picture", "storyboard", "speech", "noise")


def same_medium(form: str, one: Scenario, other: Scenario) -> bool:
    """Whether two rows have one medium in this form, so that one file serves both."""
    ours, theirs = getattr(one, form), getattr(other, form)
    if ours is None or theirs is None:
        return False
    return all(getattr(ours, s, None) == getattr(theirs, s, None) for s in SOURCES)


def paths(scenario: Scenario, twin: Scenario | None = None) -> dict[str, str]:
    """Form -> media path, relative to the data folder, of the forms that need a file.

    Where the medium is that of `twin`, the harmful row, it is the twin's file.
    """
    suffixes = {
        form: ".webp"
        for form in PICTURES
        if (part := getattr(scenario, form)) is not None and part.picture is not None
    }
    if scenario.audio_processing is not None:
        suffixes["audio_processing"] = ".ogg"
    if scenario.video_analysis is not None:
        suffixes["video_analysis"] = ".mp4"
    found = {}
    for form, suffix in suffixes.items():
        shared = twin is not None and same_medium(form, scenario, twin)
        name = twin.id if twin is not None and shared else scenario.id
        found[form] = f"media/{scenario.category}/{name}.{form}{suffix}"
    return found


def all_paths(rows: Iterable[Scenario]) -> dict[str, dict[str, str]]:
    """Row id -> its `paths`, twins looked up among the rows."""
    by_id = {row.id: row for row in rows}
    return {row.id: paths(row, by_id.get(row.twin_of)) for row in by_id.values()}


def shipped(root: Path) -> set[str]:
    """Media files in the category folders."""
    found = (root / "media").glob("*/*")
    return {p.relative_to(root).as_posix() for p in found if p.suffix in SUFFIXES}


def verify(root: Path) -> list[str]:
    """One line for each shipped file that is missing, differs from the manifest or is unlisted."""
    try:
        manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        return [f"{MANIFEST}: {error}"]
    there = shipped(root)
    problems = [f"{path}: unlisted" for path in there - set(manifest)]
    problems += [f"{path}: missing" for path in set(manifest) - there]
    for path in there & set(manifest):
        if hashlib.sha256((root / path).read_bytes()).hexdigest() != manifest[path]["sha256"]:
            problems.append(f"{path}: differs from the manifest")
    return sorted(problems)
