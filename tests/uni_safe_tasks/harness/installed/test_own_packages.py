"""A package of ours that another distribution has overwritten is named, not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from uni_safe_tasks.harness.installed.own_packages import PACKAGES, require_own_packages

ROOT = Path(__file__).resolve().parents[4]
SCRIPTS = {
    "uni-safe": "from uni_safe_tasks.console import uni_safe; uni_safe()",
    "lmms_eval": "from uni_safe_tasks.console import lmms_eval; lmms_eval()",
}


def test_here_all_are_ours() -> None:
    require_own_packages()


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("package", ["judger", "leaderboard"])
@pytest.mark.parametrize("claimed", [True, False], ids=["distribution", "folder"])
def test_an_overwritten_package_is_one_line(
    claimed: bool, package: str, script: str, tmp_path: Path
) -> None:
    """What pip leaves: their `__init__.py` among our modules, and their metadata."""
    for ours in PACKAGES:
        (tmp_path / ours).mkdir()
        for part in (ROOT / ours).iterdir():
            (tmp_path / ours / part.name).symlink_to(part)
    (tmp_path / package / "__init__.py").unlink()
    (tmp_path / package / "__init__.py").write_text("VERSION = '3.7.3'\n")
    if claimed:
        info = tmp_path / "other_board-3.7.3.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-board\nVersion: 3.7.3\n")
        (info / "RECORD").write_text(f"{package}/__init__.py,,\n")
        (info / "top_level.txt").write_text(f"{package}\n")
    said = refused(script, tmp_path)
    assert f"the package `{package}` ({tmp_path}" in said
    assert ("overwritten by other-board" in said) == claimed


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("package", ["judger", "leaderboard"])
def test_a_package_that_comes_before_ours_is_one_line(
    package: str, script: str, tmp_path: Path
) -> None:
    """It has none of our modules, so none may be imported before somebody looks."""
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("VERSION = '3.7.3'\n")
    assert f"the package `{package}` ({tmp_path}" in refused(script, tmp_path)


def refused(script: str, folder: Path) -> str:
    """What the command says in that folder: one line."""
    command = [sys.executable, "-c", SCRIPTS[script], "report", "nowhere"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith(f"{script}: the package ")
    assert "pip install --force-reinstall --no-deps uni-safebench" in done.stderr
    return done.stderr
