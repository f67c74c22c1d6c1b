"""Content hashes: which words and media a data version stands for, so that none changes unseen.

`data/CONTENT.json` holds, for the version in `data/VERSION`, the hash of every scenario file, of
the media manifest, and of the list of items (`item_hashes`); `data/iso` has a version and hashes of
its own. `python -m uni_safe_tasks.release.content_hashes` writes both, and refuses to where the
content is another but the version is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from judger.contract.errors import UserError
from judger.contract.iso import FORMS
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.scenario.iso import rows as iso
from uni_safe_tasks.scenario.iso.files import media_paths
from uni_safe_tasks.scenario.iso.locations import DATA as ISO
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import MANIFEST
from uni_safe_tasks.scenario.rows import MEDIA_FIELDS, read
from uni_safe_tasks.suite.iso.document import has_form

NAME = "CONTENT.json"


class ContentError(UserError):
    """Content that has changed under its version, or that is not whole."""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def item_hashes(folder: Path = DATA) -> Iterator[tuple[str, str]]:
    """(item id, content hash) of every item: its form, its scenario's facts, its media's hashes."""
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if folder.name == "iso":
        yield from _of_sentences(folder, listed)
        return
    for category in CATEGORIES:
        for row in read(folder / f"{category}.jsonl"):
            loaded = row.model_dump()
            facts = {k: v for k, v in loaded.items() if k not in TASK_TYPES}
            for task_type in TASK_TYPES:
                form = loaded[task_type]
                if form is not None:
                    media = [form[f] for f in MEDIA_FIELDS if form.get(f)]
                    if unlisted := [path for path in media if path not in listed]:
                        raise ContentError(f"{unlisted[0]} does not stand in {MANIFEST}")
                    whole = [facts, task_type, form, [listed[path]["sha256"] for path in media]]
                    text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
                    yield f"{row.id}.{task_type}", _sha256(text.encode())


def _of_sentences(folder: Path, listed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for category in CATEGORIES:
        for row in iso.read(folder / f"{category}.jsonl"):
            paths = media_paths(row)
            for form in filter(partial(has_form, row), FORMS):
                media = listed[paths[form]]["sha256"] if form in paths else ""
                text = json.dumps([row.model_dump(), form, media], sort_keys=True)
                yield f"{row.id}.{form}", _sha256(text.encode())


def content(folder: Path = DATA) -> dict[str, Any]:
    """What CONTENT.json should say; ContentError, RowError, OSError."""
    items = list(item_hashes(folder))
    names = [f"{category}.jsonl" for category in CATEGORIES]
    return {
        "version": (folder / "VERSION").read_text(encoding="utf-8").strip(),
        "items": len(items),
        "items_sha256": _sha256("".join(f"{sha}  {name}\n" for name, sha in items).encode()),
        "sha256": {name: _sha256((folder / name).read_bytes()) for name in (*names, MANIFEST)},
    }


def recorded(folder: Path = DATA) -> dict[str, Any]:
    """What CONTENT.json says; empty when there is none."""
    path = folder / NAME
    if not path.is_file():
        return {}
    loaded = json.loads(path.read_text(encoding="utf-8"))
    return loaded if isinstance(loaded, dict) else {}


def changes(folder: Path = DATA) -> Iterator[str]:
    """One line for each file that is not what CONTENT.json says of this version."""
    try:
        said = recorded(folder)
        version = (folder / "VERSION").read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        yield f"{NAME} or VERSION: {error}"
        return
    if said.get("version") != version:
        yield f"{NAME}: is of version {said.get('version')!r}, VERSION says {version!r}"
        return
    for name, sha in dict(said.get("sha256") or {}).items():
        path = folder / name
        if not path.is_file() or _sha256(path.read_bytes()) != sha:
            yield f"{name}: is not what version {version} holds; raise VERSION and write {NAME}"


def write(folder: Path = DATA) -> bool:
    """Record the content; False when nothing has changed. ContentError: raise VERSION first."""
    now, said = content(folder), recorded(folder)
    if now == said:
        return False
    if said and said["version"] == now["version"]:
        raise ContentError(
            f"the content is not that of version {now['version']}: raise {folder / 'VERSION'}, "
            "say what changed in CHANGELOG.md, and run this again"
        )
    (folder / NAME).write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    return True


if __name__ == "__main__":
    try:
        for place in (DATA, ISO):
            print(f"{place.name}/{NAME}: {'written' if write(place) else 'as it was'}")
    except ContentError as error:
        raise SystemExit(str(error)) from None
