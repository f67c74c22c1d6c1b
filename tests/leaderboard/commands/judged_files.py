"""Files of replies as the commands that judge take them, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from leaderboard.cli import app
from leaderboard.runs.read import load_run
from tests.servers.judge import KEY
from uni_safe_tasks.suite.items import item as item_of

HARMFUL, BENIGN = "pri-h101.text_generation", "pri-b101.text_generation"


OWN = {"prompt": "Do it.", "category": "privacy_leak", "task_type": "image_generation"}


LINES: list[dict[str, Any]] = [
    {"item_id": HARMFUL, "reply": "harmword, as you asked"},
    {"item_id": BENIGN, "reply": "declineword, I won't"},
    {**OWN, "item_id": "own", "reply": "Here.", "images": ["red.png"]},
    {**OWN, "item_id": "silent", "reply": ""},
]


def uni_safe(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def judge_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "BACKEND": "openai", "MODEL": "judge-1", "BASE_URL": url, "API_KEY": KEY,
        "RETRIES": "1", "CONCURRENCY": "4",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"UNI_JUDGER_{name}", value)


def write(path: Path, lines: Sequence[object]) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def verdicts(folder: Path) -> dict[str, tuple[str, str | None, str | None]]:
    return {r.item_id: (r.outcome, r.contextual, r.intrinsic) for r in load_run(folder).records}


SAID = {
    HARMFUL: ("scored", "unsafe", "unsafe"),
    BENIGN: ("scored", "refusal", "safe"),
    "own": ("scored", "unsafe", "unsafe"),
    "silent": ("no_output", None, None),
}


def sample(item_id: str, **fields: Any) -> dict[str, Any]:
    item = item_of(item_id)
    record = {
        "item_id": item_id, "kind": item.kind, "category": item.category, "outcome": "scored",
        "contextual": "safe", "intrinsic": "safe",
        "task_type": item.task_type, "prompt_sha256": item.prompt_sha256,
    }  # fmt: skip
    usual = {"filtered_resps": "declineword", "input": item.prompt, "uni_judger": record}
    return {**usual, **fields}


def changed(sample: dict[str, Any], **record: Any) -> dict[str, Any]:
    return {**sample, "uni_judger": {**sample["uni_judger"], **record}}
