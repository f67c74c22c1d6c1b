"""The labelled replies that ship: which files, and whether their media are those labelled.

`labels.jsonl` was written by hand, `smollm2-*.jsonl` are replies of a real model, `media.jsonl`
replies that are a picture, a sound or a film, and `long.jsonl` long ones. `MANIFEST.json` holds the
hash of every medium; `uni_safe_tasks.media.replies` draws them from `sources.jsonl`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from judger.contract.errors import UserError

FOLDER = Path(__file__).parent / "set"
#: Short requests and replies in words, and twelve pictures.
WRITTEN = FOLDER / "labels.jsonl"
#: Replies of a real model: the half that the phrases of `rules` were made with, and the half that
#: it is measured on; see docs/real-model.md.
REAL = tuple(FOLDER / f"smollm2-{half}.jsonl" for half in ("made", "held-out"))
MEDIA, LONG = FOLDER / "media.jsonl", FOLDER / "long.jsonl"
#: All that a judge is measured on where no file is named.
SETS = (WRITTEN, *REAL, MEDIA, LONG)
MANIFEST, SOURCES = "MANIFEST.json", "sources.jsonl"
KINDS = ("images", "audios", "videos")


class ShippedError(UserError):
    """A medium of the shipped set that is lost, or is another than was labelled."""


def media_files(folder: Path = FOLDER) -> set[str]:
    """The media that lie in the folders of a set, relative to it."""
    found = (path for kind in KINDS for path in (folder / kind).glob("*"))
    return {path.relative_to(folder).as_posix() for path in found if path.is_file()}


def problems(folder: Path = FOLDER) -> list[str]:
    """One line for each medium that is missing, differs from the manifest, or is unlisted."""
    try:
        listed: dict[str, dict[str, object]] = json.loads(
            (folder / MANIFEST).read_text(encoding="utf-8")
        )
    except (OSError, ValueError) as error:
        return [f"{MANIFEST}: {error}"]
    there = media_files(folder)
    found = [f"{path}: unlisted" for path in there - set(listed)]
    found += [f"{path}: missing" for path in set(listed) - there]
    for path in there & set(listed):
        if hashlib.sha256((folder / path).read_bytes()).hexdigest() != listed[path].get("sha256"):
            found.append(f"{path}: differs from the manifest")
    return sorted(found)


def require_whole(folder: Path = FOLDER) -> None:
    """ShippedError where a medium is not the one that was labelled: no judge is measured on it."""
    if wrong := problems(folder):
        raise ShippedError(
            f"{folder}: {wrong[0]}"
            + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "")
            + "; the labels are of other files: install the package again"
        )
