"""The pre-commit hooks refuse what they are there for, with the tools of this environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.install.declared import ROOT

KEY = "AKIA" + "Q3EGPLRJWDNC5MTB"


@pytest.mark.parametrize(
    ("hook", "name", "content", "status"),
    [
        ("keys", "notes.md", f"key: {KEY}\n", 1),
        ("keys", "notes.md", "key: …\n", 0),
        ("keys", "tests/leaderboard/submission/rules/test_rules_private.py", f'"{KEY}"\n', 0),
        ("large-files", "weights.bin", "0" * 1_100_000, 1),
        ("large-files", "weights.bin", "0" * 900_000, 0),
        ("ruff", "a.py", "import os\n", 1),
        ("ruff-format", "a.py", "x = [ 1 ]\n", 1),
        ("ruff-format", "a.py", "x = [1]\n", 0),
    ],
)
def test_what_a_hook_refuses(
    hook: str, name: str, content: str, status: int, tmp_path: Path
) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for config in (".pre-commit-config.yaml", "pyproject.toml"):
        (tmp_path / config).write_text((ROOT / config).read_text(encoding="utf-8"))
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    environ = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    for command in (["git", "init", "-q"], ["git", "add", name, ".pre-commit-config.yaml"]):
        subprocess.run(command, cwd=tmp_path, check=True)
    command = [sys.executable, "-m", "pre_commit", "run", hook]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
