"""Files that are not whole yet carry `.partial`; what a killed process left of them is cleared.

Nothing is lost with them: what was judged is in the judge's cache, and the same command goes on
from there. A file that a living process still writes is locked, and stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has no such locks: there nothing is cleared
    fcntl = None  # type: ignore[assignment]

PARTIAL = ".partial"


@contextmanager
def written_whole(path: Path, errors: str = "strict") -> Iterator[IO[str]]:
    """A text file to write to: `path` is there whole, or as it was before if that fails."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("w", encoding="utf-8", errors=errors) as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def claim(file: IO[str]) -> None:
    """Lock an open file for as long as this process has it open."""
    if fcntl is not None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def clear(folder: Path) -> int:
    """Delete the partial files in a folder that nobody writes any more; how many there were."""
    return sum(_cleared(path) for path in sorted(folder.glob(f"*{PARTIAL}")))


def _cleared(path: Path) -> bool:
    if fcntl is None:
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except OSError:  # it is written, or gone
        return False
    return True
