"""A row of the board from verdict lines, for tests of what is derived from it."""

from __future__ import annotations

from typing import Any

from leaderboard.board.row import Row, derive
from leaderboard.submission.validate import parse
from leaderboard.submission.verdicts import FIELDS
from tests.leaderboard.submissions import (
    EVERYTHING,
    files_of,
    sealed,
    submission,
    verdict_bytes,
    verdict_lines,
)

#: What an item without a verdict says.
LOST: dict[str, Any] = {"contextual": None, "intrinsic": None, "delivered": None, "helped": None}
#: A judge that cannot tell a refusal: what it calls safe is either.
BLIND: dict[str, Any] = {"details": {"refusal": False}, "state": "sample"}


def blind(lines: list[dict[str, Any]]) -> None:
    """Make the lines those of a judge that cannot tell a refusal."""
    for x in lines:
        x["judge"] = {"refusal": False}
        x["contextual"] = "safe" if x["contextual"] == "refusal" else x["contextual"]


def row(lines: list[dict[str, Any]] | None = None, seed: int = 0, **facts: Any) -> Row:
    modalities = facts.get("modalities", EVERYTHING)
    safe = facts.pop("safe", 0.8)
    if lines is None:
        lines = verdict_lines(safe, seed=seed, modalities=modalities)
    verdicts = verdict_bytes([{name: x[name] for name in FIELDS} for x in lines])
    return derive(parse("", files_of(sealed(submission(lines, **facts), verdicts), verdicts)))
