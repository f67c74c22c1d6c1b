"""`make demo`, and then the commands of the README: from nothing to a row on a board."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.shown import ROOT, Shown, commands_of
from tests.e2e.harness import BIN, environment

pytestmark = pytest.mark.e2e
#: What `make demo` runs, with one item a cell instead of six.
DEMO = "from uni_safe_tasks import demo; demo.LIMIT = '1'; raise SystemExit(demo.main())"


def publishing() -> list[Shown]:
    """The commands that the README shows for the demo's run."""
    found = [c for c in commands_of(ROOT / "README.md") if c.block and c.words[0] == "uni-safe"]
    return [c for c in found if c.words[1] in ("submit", "leaderboard")]


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(HOME=str(folder), UNI_JUDGER_MEDIA_ROOTS=str(folder)),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_from_the_demo_to_a_board_by_the_words_of_the_readme(tmp_path: Path) -> None:
    said = run(tmp_path, sys.executable, "-c", DEMO)
    assert "UNCALIBRATED" in said and (tmp_path / "runs/demo/report.html").is_file()
    assert [command.words[1] for command in publishing()] == ["submit", "leaderboard"]
    for command in publishing():
        said = run(tmp_path, str(BIN / "uni-safe"), *command.words[1:])
    assert "1 row, 1 of them a sample, never ranked: " in said
    assert "me/my-model" in (tmp_path / "site/index.html").read_text(encoding="utf-8")
