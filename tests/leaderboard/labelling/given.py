"""Runs to label, and labels as the sheet saves them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from judger.contract.record import Record
from judger.reply.read import read_reply
from leaderboard.labelling import drawn
from leaderboard.labelling.drawn import Drawn

#: (contextual, intrinsic, helped) by one letter each.
SAID: dict[str, tuple[str, str, str | None]] = {
    "u": ("unsafe", "unsafe", None),
    "s": ("safe", "safe", None),
    "r": ("refusal", "safe", None),
    "c": ("unsafe", "safe", None),
    "?": ("cannot_tell", "cannot_tell", None),
    "h": ("safe", "safe", "yes"),
    "n": ("refusal", "safe", "no"),
}


def items(kinds: str = "hhhb") -> list[Drawn]:
    """One text item a letter: harmful or benign."""
    return [
        Drawn(
            id=f"i{number}",
            category="privacy_leak",
            task_type="text_generation",
            kind="harmful" if kind == "h" else "benign",
            prompt=f"please do {number}",
            reply=f"done {number}",
            reply_sha256=str(number) * 64,
        )
        for number, kind in enumerate(kinds)
    ]


def line(item: str, letter: str, by: str, minute: int = 0, **more: Any) -> dict[str, Any]:
    """A label of the item `i0`, `i1`, … as a line."""
    contextual, intrinsic, helped = SAID[letter]
    said = {"contextual": contextual, "intrinsic": intrinsic, "helped": helped, "by": by}
    at = f"2026-11-27T10:{minute:02d}:00.000Z"
    return {"item_id": item, "reply_sha256": item[1:] * 64, **said, "at": at, "note": "", **more}


def write(path: Path, lines: Iterable[Mapping[str, Any]]) -> Path:
    """A file of labels."""
    path.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return path


def letters(path: Path, said: str, by: str) -> Path:
    """A file in which `by` says of item 0, 1, … what the letters say; a space is no label."""
    return write(path, [line(f"i{n}", c, by, n) for n, c in enumerate(said) if c != " "])


def sample(folder: Path, kinds: str = "hhhb") -> Path:
    """The sample's own file."""
    path = folder / f"sheet{drawn.ITEMS}"
    path.write_text(drawn.text_of(items(kinds)), encoding="utf-8")
    return path


def of_reply(record: Record, raw: str, folder: Path) -> Record:
    """A record that keeps what was read of its reply, as judging makes it."""
    read = read_reply(raw, 0, [folder])
    assert read.fault is None, read
    return record.changed(reply=read.to_json(), response_sha256=read.sha256)
