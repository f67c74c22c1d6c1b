"""A wheel of this checkout and environments that hold it: what a user installs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.e2e.harness import BIN, ROOT

UV = str(BIN / "uv")


def build(folder: Path) -> Path:
    """The sdist, and the wheel from it, with the build tools of this environment; the wheel."""
    command = [UV, "build", "-q", "--no-build-isolation", "-p", sys.executable, "-o", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def make_venv(folder: Path) -> str:
    """An empty environment; its Python."""
    subprocess.run([UV, "venv", "-q", "-p", sys.executable, str(folder)], check=True)
    return str(folder / "bin" / "python")


def install(python: str, *arguments: str, command: str = "install") -> None:
    """`uv pip install`, or another of its commands, into an environment."""
    subprocess.run([UV, "pip", command, "-q", "--python", python, *arguments], check=True)
