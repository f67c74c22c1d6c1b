"""Files that are what they were, by what the file system says of them, as git's index does it.

To hash a thousand submissions costs as much as all else of a build. Device, inode, size and times
of a file say that it was not written since; the time of change is the kernel's and cannot be set.
What was written within the clock's grain of being looked at is not trusted: it is hashed again.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leaderboard.board.kept import Kept

#: What the file system says of some files: name, device, inode, mode, size, times.
Signature = tuple[tuple[str | int, ...], ...]
#: Seconds: the coarsest clock of a file system in use (FAT).
GRAIN = 2.0
_KEY = "seen"


def signature(files: Mapping[str, os.stat_result]) -> Signature:
    """What is said of the files of a folder, as `os.lstat` found it."""
    return tuple(
        (name, s.st_dev, s.st_ino, stat.S_IFMT(s.st_mode), s.st_size, s.st_mtime_ns, s.st_ctime_ns)
        for name, s in files.items()
    )


def settled(said: Signature) -> bool:
    """Would a later change of any of these files show?"""
    newest = max((int(times) for one in said for times in one[-2:]), default=0)
    return newest / 1e9 + GRAIN < time.time()


class Seen:
    """Name -> what was known of it while its files had this signature. Kept between builds; what
    this build did not note is forgotten."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._before = _noted(kept.get(_KEY))
        self._now: dict[str, tuple[Signature, str]] = {}

    def get(self, name: str, said: Signature) -> str:
        """What was noted, "" where that is nothing or the files are others now."""
        before, value = self._before.get(name, ((), ""))
        if not value or before != said:
            return ""
        self._now[name] = before, value
        return value

    def note(self, name: str, said: Signature, value: str) -> None:
        """Remember what is known of files; `said` was found before they were read."""
        self._now[name] = said, value

    def holds(self, file: Path, value: str) -> bool:
        """Was this file written by `wrote` with that value, and not touched since?"""
        try:
            return self.get(str(file), _of(file)) == value != ""
        except OSError:
            return False

    def wrote(self, file: Path, value: str) -> None:
        """Remember what a file holds that this build wrote or compared."""
        self.note(str(file), _of(file), value)

    def save(self) -> None:
        """Keep what was noted, for the next build."""
        if self._now != self._before:
            self._kept.put(_KEY, self._now)


def _noted(kept: Any) -> dict[str, tuple[Signature, str]]:
    """What an earlier build noted; {} where that is damaged."""
    try:
        return {
            str(name): (tuple(map(tuple, said)), str(value)) for name, (said, value) in kept.items()
        }
    except (AttributeError, TypeError, ValueError):
        return {}


def _of(file: Path) -> Signature:
    return signature({file.name: os.lstat(file)})
