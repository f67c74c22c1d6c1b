"""The suite's items, kept between builds: to render them and to hash all media takes longer than
to read a new submission.

They are kept beside what was made of submissions, under the code, data and templates that make them
(`kept.code_version`); the media files are known by what the file system says of them (`seen`).
"""

from __future__ import annotations

import hashlib
import os

from leaderboard.board.kept import Kept
from leaderboard.board.seen import settled, signature
from leaderboard.submission import manifest
from leaderboard.submission.verdicts import Asked
from uni_safe_tasks.scenario.locations import DATA

_KEY = "items"


def at_hand(kept: Kept) -> None:
    """Have the suite's items ready, from what was kept where that is still true; RowError or
    FileNotFoundError when the data are broken."""
    said = signature(_media())
    mark = hashlib.sha256(repr(said).encode()).hexdigest()
    match kept.get(_KEY):
        case [str(before), [*lines]] if before == mark:
            manifest.remember(Asked(*line) for line in lines)
            return
    found = list(manifest.items().values())
    if settled(said):
        kept.put(_KEY, [mark, found])


def _media() -> dict[str, os.stat_result]:
    """Every file below the folder of media."""
    return {
        os.path.join(folder, name): os.lstat(os.path.join(folder, name))  # noqa: PTH118 twice as fast
        for folder, _, names in sorted(os.walk(DATA / "media"))
        for name in sorted(names)
    }
