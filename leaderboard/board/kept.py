"""What was made of submissions that met the rules, kept by the hash of all their bytes.

One new submission among a thousand should cost the time of one. The key is the hash of every file
of the submission, its place and the code, data and templates that judge it, so that whatever
changes is made anew. It lies in the user's own cache folder, written by this module only; a folder
that others may write is not used, because what is kept is trusted when it is read again. It is
JSON: to read it runs nothing.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic_core import from_json, to_json

from leaderboard.submission import manifest

#: Libraries whose version may change a number or a page.
_LIBRARIES = ("jinja2", "markupsafe", "numpy", "pydantic", "pydantic_core", "scipy")
_SHARED = re.compile(r"shared-[0-9a-f]{64}")
Shared = TypeVar("Shared")
#: The endings of our own files of which a page is made.
_MAKES_A_PAGE = (".py", ".jinja", ".js", ".css", ".json")
#: How `code_version` looks: the names of the folders that are made here.
_VERSION = re.compile(r"[0-9a-f]{64}")


class Kept:
    """Any JSON value, by key, in a folder of this version's own. It is read as JSON and nothing
    else, so that whoever writes there can at most make it wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[int, tuple[str, object]] = {}
        self._shared: dict[str, Any] = {}

    def holds_any(self) -> bool:
        """Was anything kept by this version?"""
        return self.folder.is_dir()

    def get(self, key: str) -> Any:
        """What was kept, or None; whatever cannot be read was not kept."""
        try:
            return from_json((self.folder / key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, key: str, made: Any) -> bool:
        """Keep something; False where the disk does not take it."""
        return self._write(key, to_json(made))

    def share(self, value: Sequence[Any] | np.ndarray) -> str:
        """Keep once what many keep (item ids, columns); its name."""
        if id(value) not in self._names:  # it is held here, so that the id stays its own
            data = to_json(value.tolist() if isinstance(value, np.ndarray) else value)
            name = f"shared-{hashlib.sha256(data).hexdigest()}"
            if not (self.folder / name).exists():
                self._write(name, data)
            self._names[id(value)] = name, value
        return self._names[id(value)][0]

    def shared(self, name: str, form: Callable[[Any], Shared]) -> Shared:
        """What `share` kept, one object for all, made by `form` of the JSON value; ValueError where
        it is damaged, or OSError."""
        key = f"{name} {form.__name__}"
        if key not in self._shared:
            if not _SHARED.fullmatch(name):
                raise ValueError(f"{name} is no name of what is kept")
            data = (self.folder / name).read_bytes()
            if name != f"shared-{hashlib.sha256(data).hexdigest()}":
                (self.folder / name).unlink()  # else it would never be written again
                raise ValueError(f"{name} is not what was kept")
            self._shared[key] = form(from_json(data))
        found: Shared = self._shared[key]
        return found

    def _write(self, name: str, data: bytes) -> bool:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(part).replace(self.folder / name)
        except OSError:
            return False
        return True


def key_of(relative: str, digests: Mapping[str, str]) -> str:
    """The hash of a submission: where it lies, the name of each file and the hash of its bytes."""
    digest = hashlib.sha256(relative.encode())
    for name, sha256 in sorted(digests.items()):
        digest.update(f"\0{name}\0{sha256}".encode(errors="surrogateescape"))
    return digest.hexdigest()


@functools.lru_cache(maxsize=1)
def code_version() -> str:
    """The hash of all that makes a page of a submission: our code, data, templates, libraries."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for package in ("judger", "leaderboard", "uni_safe_tasks"):
        spec = find_spec(package)
        assert spec is not None and spec.origin is not None  # it is this distribution
        root = Path(spec.origin).parent
        walked = ((folder, name) for folder, _, names in os.walk(root) for name in names)
        ours = (os.path.join(*place) for place in walked if place[1].endswith(_MAKES_A_PAGE))  # noqa: PTH118
        for path in sorted(ours):  # as texts: a `Path` for each of ten thousand media takes longer
            digest.update(path.removeprefix(str(root)).encode())
            digest.update(Path(path).read_bytes())
    digest.update(manifest.data_sha256().encode())
    digest.update(repr(sorted(manifest.prompt_template_sha256().items())).encode())
    return digest.hexdigest()


@contextlib.contextmanager
def opened(folder: Path | None) -> Iterator[Kept]:
    """A `Kept` in a user's folder; in a temporary one where there is none that is safe to use.

    What other versions of the code kept in the folder is dropped.
    """
    if folder is not None and _safe(folder):
        own = folder / code_version()
        for old in folder.iterdir():  # nothing but what is named like a version is ours
            if old != own and _VERSION.fullmatch(old.name):
                shutil.rmtree(old, ignore_errors=True)
        yield Kept(own)
        return
    with tempfile.TemporaryDirectory(prefix="uni_safe_board_") as temporary:
        yield Kept(Path(temporary) / "kept")


def _safe(folder: Path) -> bool:
    """Can the folder be written by its user, and by nobody else?"""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.stat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return mine and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
