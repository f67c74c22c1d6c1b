"""What judges are sent of files that are the same in every run, kept by hash on the disk.

The suite's own pictures, sounds and films are decoded once, not once for each model. Anything wrong
with what is kept counts as not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from judger.media.pieces import Piece, packed, unpacked_from

#: Bytes of all that is kept; the oldest goes first.
MOST = 2 * 1024**3
#: Changes when the same file becomes other pieces.
_VERSION = "2"
_SUFFIX = ".pieces"


class Kept:
    """Pieces by the hash of the file and the form that was asked for. Safe from any thread."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder, self._most = folder / "media", most
        self._lock = threading.Lock()
        self._size: int | None = None

    def get(self, sha256: str, form: str) -> tuple[Piece, ...] | None:
        """What was kept, or None.

        Read at once, however large: to hand half a megabyte to a thread and back was measured to
        take twice the CPU that it takes off the loop, and no less time.
        """
        try:
            with open(self._file(sha256, form), "rb") as file:  # noqa: PTH123 asked for each reply
                return unpacked_from(file, os.fstat(file.fileno()).st_size)
        except (OSError, ValueError, TypeError):
            return None

    def put(self, sha256: str, form: str, pieces: tuple[Piece, ...]) -> None:
        """Keep pieces; a disk that takes nothing more costs time, never an answer."""
        file = Path(self._file(sha256, form))
        parts = packed(pieces)
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as written:
                    written.writelines(parts)
                Path(name).replace(file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._bounded(sum(map(len, parts)))

    def _file(self, sha256: str, form: str) -> str:
        name = hashlib.sha256(f"{_VERSION}\0{sha256}\0{form}".encode()).hexdigest()
        return f"{self._folder}/{name[:2]}/{name}{_SUFFIX}"

    def _bounded(self, more: int) -> None:
        """Count what was put; over the bound, drop the oldest down to nine tenths of it."""
        with self._lock:
            if self._size is not None and self._size + more <= self._most:
                self._size += more
                return
            found = sorted(self._there())
            self._size = sum(size for _, size, _ in found)
            least = self._most if self._size <= self._most else self._most * 9 // 10
            for _, size, path in found:
                if self._size <= least:
                    break
                path.unlink(missing_ok=True)
                self._size -= size

    def _there(self) -> Iterator[tuple[float, int, Path]]:
        for path in self._folder.glob(f"*/*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path
