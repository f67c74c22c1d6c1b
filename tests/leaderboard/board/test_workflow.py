"""The workflow that checks a pull request to the board: its own steps, run on made ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from leaderboard.submission.facts import SUBMISSION
from tests.leaderboard.submissions import TEXT_ONLY, make

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / ".github" / "workflows" / "submission.yml"
SUBMISSIONS = Path("leaderboard") / "submissions"
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(FILE.read_text())
    return loaded


def steps(workflow: dict[Any, Any]) -> dict[str, str]:
    """Name -> what is run, for the steps that need no network."""
    found = workflow["jobs"]["validate"]["steps"]
    return {step["name"]: step["run"] for step in found if "pip" not in step.get("run", "pip")}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, "-C", str(folder), *arguments], check=True, capture_output=True)


def proposed(folder: Path, change: Callable[[Path], None]) -> Path:
    """The folder as the checkout leaves it: the merge of a pull request, its first parent main."""
    repository = folder / "proposed"
    make(repository / SUBMISSIONS, 0, model="org/old", modalities=TEXT_ONLY)
    (repository / "code.py").write_text("rules = 'strict'\n")
    (repository / SUBMISSIONS / ".gitkeep").write_text("")
    git(folder, "init", "-q", "-b", "main", "proposed")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "accepted")
    git(repository, "checkout", "-q", "-b", "pull")
    change(repository)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "proposed")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "--no-ff", "-m", "merge", "pull")
    return folder


def new(repository: Path, state: str = "pending") -> Path:
    root = repository / SUBMISSIONS
    return make(root, 1, model="org/new", modalities=TEXT_ONLY, state=state)


def listed(repository: Path) -> None:
    new(repository, "listed")


def broken(repository: Path) -> None:
    path = new(repository) / SUBMISSION
    path.write_text(re.sub('"safe_safe": \\d+', '"safe_safe": 9', path.read_text(), count=1))


def takes_away(repository: Path) -> None:
    shutil.rmtree(next((repository / SUBMISSIONS).glob("*__*")))


def changes_code(repository: Path) -> None:
    new(repository)
    (repository / "code.py").write_text("rules = 'lax'\n")


@pytest.mark.parametrize(
    ("change", "fails_at", "said"),
    [
        (new, "", "2 submissions, 30 rules, 0 findings"),
        (listed, "The rules", "R20 AppendOnly"),
        (broken, "The rules", "R04 SealedContent"),
        (takes_away, "The rules", "was accepted and is gone"),
        (changes_code, "Nothing but submissions", "code.py"),
    ],
)
def test_a_pull_request_is_checked(
    workflow: dict[Any, Any], tmp_path: Path, change: Any, fails_at: str, said: str
) -> None:
    proposed(tmp_path, change)
    failed, output = run(steps(workflow), tmp_path)
    assert failed == fails_at, output
    assert said in output


def run(commands: dict[str, str], folder: Path) -> tuple[str, str]:
    """The step that fails, "" where none does, and what it or the last one says."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    output = ""
    for name, command in commands.items():
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        if done.returncode:
            return name, output
    return "", output


def test_the_pull_request_is_only_read(workflow: dict[Any, Any]) -> None:
    """Its code is never installed or run, it sees no secret, and the trigger is the safe one."""
    text = FILE.read_text()
    assert workflow["permissions"] == {"contents": "read"} and "secrets" not in text
    assert list(workflow[True]) == ["pull_request"]  # YAML reads `on` as true
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert installs and all("accepted" in line for line in installs)
    assert (ROOT / "requirements-core.txt").is_file()
    assert len(steps(workflow)) == 3
