"""What was made of submissions that met the rules, kept by the hash of all their bytes.

One new submission among a thousand should cost the time of one. The key is the hash of every file
of the submission, its place and the code, data and templates that judge it, so that whatever
changes is made anew. It lies in the user's own cache folder, written by this module only; a folder
that others may write is not used, because what is kept is trusted when it is read again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import os
import pickle
import platform
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from leaderboard.submission import manifest

#: Libraries whose version may change a number or a page.
_LIBRARIES = ("jinja2", "markupsafe", "numpy", "pydantic", "pydantic_core", "scipy", "statsmodels")
#: A tuple of so many entries (item ids, columns) is kept once for all rows that share it.
_LARGE = 500
#: How `code_version` looks: the names of the folders that are made here.
_VERSION = re.compile(r"[0-9a-f]{64}")


class Kept:
    """Anything that can be pickled, by key, in a folder of this version's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shared: dict[str, Any] = {}

    def holds_any(self) -> bool:
        """Was anything kept by this version?"""
        return self.folder.is_dir()

    def get(self, key: str) -> Any:
        """What was kept, or None; whatever cannot be read was not kept."""
        try:
            data = (self.folder / key).read_bytes()
            return _Reader(io.BytesIO(data), self).load()
        except Exception:  # noqa: BLE001 a damaged file is made again, whatever pickle says of it
            return None

    def put(self, key: str, made: Any) -> bool:
        """Keep something; False where the disk does not take it."""
        written = io.BytesIO()
        _Writer(written, self).dump(made)
        return self._write(key, written.getvalue())

    def share(self, value: tuple[Any, ...]) -> str:
        """Keep a large tuple once; its name."""
        data = pickle.dumps(value, 5)
        name = f"shared-{hashlib.sha256(data).hexdigest()}"
        if name not in self._shared and not (self.folder / name).exists():
            self._write(name, data)
        self._shared[name] = value
        return name

    def shared(self, name: str) -> Any:
        """A tuple that `share` kept."""
        if name not in self._shared:
            self._shared[name] = pickle.loads((self.folder / name).read_bytes())  # noqa: S301
        return self._shared[name]

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


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, kept: Kept) -> None:
        super().__init__(file, protocol=5)
        self._kept = kept
        self._names: dict[int, str] = {}

    def persistent_id(self, obj: Any) -> str | None:
        """The name of a large tuple, which stands outside."""
        if type(obj) is not tuple or len(obj) < _LARGE:
            return None
        if id(obj) not in self._names:  # held by what is being written, so the id stays its own
            self._names[id(obj)] = self._kept.share(obj)
        return self._names[id(obj)]


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, kept: Kept) -> None:
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, pid: Any) -> Any:
        """The large tuple of that name."""
        return self._kept.shared(str(pid))


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
        for suffix in ("py", "jinja", "js", "css", "json"):
            for path in sorted(root.rglob(f"*.{suffix}")):
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
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
