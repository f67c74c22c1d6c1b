"""Makes the media of the calibration set from `sources.jsonl`, and the manifest of all of them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from judger.offline.jsonl import models
from judger.validation import shipped
from uni_safe_tasks.media.film.film import film
from uni_safe_tasks.media.picture import fitted, webp
from uni_safe_tasks.media.replies.draft import Medium
from uni_safe_tasks.media.speech.speak import speak


def sources(folder: Path) -> dict[str, Medium]:
    """What each medium is made from, by the id of its label; LineError, OSError."""
    path = folder / shipped.SOURCES
    if not path.is_file():
        return {}
    return {medium.id: medium for _, medium in models(path, Medium)}


def rendered(medium: Medium) -> bytes:
    """The file's bytes.

    Raises:
        ValueError: it cannot be drawn or spoken.
        RuntimeError: a font or the speaking model is not installed.
    """
    if medium.picture:
        return webp(fitted(medium.picture, medium.id))
    if medium.speech:
        return speak(medium.speech, medium.noise)
    return film(medium.storyboard, medium.film_speech, medium.id)


def _write(medium: Medium, folder: Path) -> str:
    """Renders one medium below `folder`; what was wrong, or "". Runs in a worker."""
    try:
        data = rendered(medium)
    except ValueError as error:
        return f"{medium.id}: {error}"
    path = folder / medium.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return ""


def make(media: Sequence[Medium], folder: Path, jobs: int = 0) -> list[str]:
    """Renders media below `folder`; a line for each that cannot be. RuntimeError as `rendered`.

    `jobs` is the number of processes; 0 takes one a core.
    """
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        return [fault for fault in pool.map(_write, media, [folder] * len(media)) if fault]


def write_manifest(folder: Path, named: set[str]) -> None:
    """Lists the media that labels name, removes all others; ValueError where one is not there."""
    there = shipped.media_files(folder)
    if lost := sorted(named - there):
        raise ValueError(f"{lost[0]} is named by a label and is not there; {len(lost)} such")
    for path in there - named:
        (folder / path).unlink()
    listed = {}
    for path in sorted(named):
        data = (folder / path).read_bytes()
        listed[path] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    text = json.dumps(listed, indent=1)
    (folder / shipped.MANIFEST).write_text(text + "\n", encoding="utf-8")
