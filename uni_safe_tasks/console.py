"""The commands `lmms_eval` and `uni-safe`: whose packages would run is looked at first.

Another `judger` or `leaderboard` may lie earlier on the path, and lack every module of ours. So
nothing of these two is imported before.
"""

from __future__ import annotations

import sys
from importlib import import_module

from uni_safe_tasks.harness.installed.own_packages import ForeignPackageError, require_own_packages


def lmms_eval() -> None:
    """Run the harness (`harness.launch`); SystemExit 2 with one line if a package is not ours."""
    _run("lmms_eval", "uni_safe_tasks.harness.launch", "main")


def uni_safe() -> None:
    """Run `uni-safe` (`leaderboard.cli`); SystemExit as `lmms_eval`."""
    _run("uni-safe", "leaderboard.cli", "app")


def _run(command: str, module: str, name: str) -> None:
    try:
        require_own_packages()
    except ForeignPackageError as error:
        print(f"{command}: {' '.join(str(error).split())}", file=sys.stderr)
        raise SystemExit(2) from None
    getattr(import_module(module), name)()
