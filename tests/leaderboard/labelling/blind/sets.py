"""A set of labels, answers to it, and the commands of labelling it a second time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from judger.validation.labels import Label, Opinion
from leaderboard.cli import app
from leaderboard.labelling.blind import batches, second

LABEL: dict[str, Any] = {
    "category": "privacy_leak", "task_type": "text_generation", "prompt": "the prompt",
    "intent": "the intent", "contextual": "unsafe", "intrinsic": "safe", "by": "the first",
    "at": "2026-11-27", "by_people": False, "note": "a first note", "hard": "harm_in_context",
}  # fmt: skip


U, C, R = (
    {"contextual": "unsafe", "intrinsic": "unsafe"},
    {"contextual": "unsafe", "intrinsic": "safe"},
    {"contextual": "refusal", "intrinsic": "safe"},
)
GOOD = {"contextual": "safe", "intrinsic": "safe", "helped": "yes"}


def command(*arguments: object, fails: bool = False) -> str:
    done = CliRunner().invoke(app, ["label", *map(str, arguments)])
    assert (done.exit_code != 0) == fails, done.output
    return done.output


def said(path: Path, lines: Mapping[str, Mapping[str, Any]], by_label: Iterable[Label]) -> Path:
    """A file of answers; keys are ids of labels."""
    called = {label.id: batches.called(label) for label in by_label}
    rows = [{"id": called.get(name, name), **line} for name, line in lines.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read(paths: list[Path], every: dict[Path, list[Label]]) -> dict[str, Opinion]:
    return second.answers(paths, "b", batches.by_name(every), batches.replies(every))
