"""A judge on a local server, and a file of replies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.leaderboard.commands.judged_files import LINES, judge_at, write
from tests.servers.judge import JudgeServer, Script


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[JudgeServer]:
    with JudgeServer(Script()) as running:
        judge_at(running.url, monkeypatch)
        yield running


@pytest.fixture
def any_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much of a cell is unscored, the run is no failed one."""
    monkeypatch.setenv("UNI_JUDGER_MAX_UNSCORED", "1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    Image.new("RGB", (16, 16), "red").save(tmp_path / "red.png")
    return write(tmp_path / "replies.jsonl", LINES)
