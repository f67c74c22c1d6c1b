"""A package of ours that another distribution has overwritten is named, not used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from uni_safe_tasks.harness.installed.own_packages import PACKAGES, require_own_packages

ROOT = Path(__file__).resolve().parents[4]
SCRIPTS = {
    "uni-safe": "from leaderboard.cli import app; app(['report', 'nowhere'])",
    "lmms_eval": "from uni_safe_tasks.harness.launch import main; main()",
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
    done = subprocess.run(
        [sys.executable, "-c", SCRIPTS[script]], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith(f"{script}")
    assert f"the package `{package}` ({tmp_path}" in done.stderr
    assert "pip install --force-reinstall --no-deps uni-safebench" in done.stderr
    assert ("overwritten by other-board" in done.stderr) == claimed
