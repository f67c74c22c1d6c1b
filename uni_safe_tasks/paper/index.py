"""What an import leaves behind: one index file a category, and `import.json` beside them.

They lie in `UNI_SAFEBENCH_DATA`, or in the user's cache folder. An index holds paths, line numbers
and our labels; the words stay in the user's copy, whose hashes tell when it was changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from judger.contract.errors import UserError
from judger.contract.taxonomy import CATEGORIES
from judger.contract.user_folders import user_cache
from uni_safe_tasks.importers.category_labels import version
from uni_safe_tasks.importers.source import SourceError
from uni_safe_tasks.paper.copy import Survey
from uni_safe_tasks.paper.lines import numbered, parsed
from uni_safe_tasks.paper.protocol import TASKS, leaf_name

VARIABLE = "UNI_SAFEBENCH_DATA"
MANIFEST = "import.json"
HOW = "`uni-safe import uni-safebench PATH` reads your own copy"


class NotImported(UserError, FileNotFoundError):
    """There is no import, or none that fits the user's copy any more: what to do, in one line."""


class Imported(BaseModel):
    """`import.json`. `counts` are items by task and category, `sha256` the hashes of the copy,
    `left_out` how many of its lines could not be used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    root: str
    labels_version: int
    date: str
    sha256: dict[str, str]
    counts: dict[str, dict[str, int]]
    left_out: int = 0

    @property
    def data_version(self) -> str:
        """Names this copy in records: the hash of the hashes of its files, and of how many lines
        were left out, for then it is another set of items."""
        named = self.sha256 | ({"left out": str(self.left_out)} if self.left_out else {})
        whole = json.dumps(named, sort_keys=True).encode()
        return f"uni_safebench:{hashlib.sha256(whole).hexdigest()[:12]}"

    def count(self, task: str, category: str) -> int:
        """How many items a cell has."""
        return self.counts.get(task, {}).get(category, 0)


def folder() -> Path:
    """Where the index lies: `UNI_SAFEBENCH_DATA`, or the user's cache."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    return (user_cache() or Path(tempfile.gettempdir())) / "uni_safe_tasks" / "uni_safebench"


def index_file(category: str) -> Path:
    """The index of one category."""
    return folder() / f"{category}.jsonl"


def write(survey: Survey, out: Path) -> Imported:
    """Write the index of a copy; files of an earlier import are replaced."""
    out.mkdir(parents=True, exist_ok=True)
    counts = survey.counts
    imported = Imported(
        root=str(survey.root),
        labels_version=version(),
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        sha256=survey.sha256,
        counts={
            task: {c: counts[task, c] for c in CATEGORIES if counts[task, c]} for task in TASKS
        },
        left_out=len(survey.faults),
    )
    for category in CATEGORIES:
        lines = [json.dumps(asdict(e)) + "\n" for e in survey.entries if e.category == category]
        (out / f"{category}.jsonl").write_text("".join(lines), encoding="utf-8")
    # Last: without it the files beside it count for nothing.
    (out / MANIFEST).write_text(imported.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return imported


def read() -> Imported:
    """What was imported; NotImported."""
    path = folder() / MANIFEST
    try:
        return Imported.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise NotImported(
            f"the tasks uni_safebench_* need the original data, which may not be shipped: no "
            f"{path}; {HOW}"
        ) from None
    except ValidationError as error:
        raise NotImported(f"{path}: {error.errors()[0]['msg']}; import again: {HOW}") from None


def without_empty(index: dict[str, Any]) -> dict[str, Any]:
    """A harness's index of tasks without the leaves that an import has no items for."""
    try:
        imported = read()
    except (NotImported, OSError):
        return index  # listing tasks must never fail
    empty = {
        leaf_name(task, category)
        for task in TASKS
        for category in CATEGORIES
        if not imported.count(task, category)
    }
    return {name: entry for name, entry in index.items() if name not in empty}


def lines_of(imported: Imported, file: str) -> dict[int, dict[str, Any]]:
    """The objects of a file of the copy by line; NotImported when it is not the imported one."""
    path = Path(imported.root) / file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotImported(f"{path}: {error.strerror}; import again: {HOW}") from None
    if hashlib.sha256(data).hexdigest() != imported.sha256.get(file):
        raise NotImported(f"{path} has changed since it was imported; import again: {HOW}")
    found = {}
    for number, line in numbered(data):
        with contextlib.suppress(SourceError):  # left out by the import, no entry names it
            if (row := parsed(line)) is not None:
                found[number] = row
    return found
