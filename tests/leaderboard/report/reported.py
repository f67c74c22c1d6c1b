"""A run in which every kind of verdict and fault stands, and what is measured of its judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from rich.console import Console

from judger.rates.calibration import Calibration, who
from leaderboard.report.terminal import print_report
from leaderboard.runs.read import Run
from tests.calibrations import fit
from tests.leaderboard.made import JUDGE

LETTERS = "usrc?"


Page = Callable[..., str]


def spread(category: str, number: int, task_type: str) -> str:
    """Every outcome in every cell, in other places."""
    return LETTERS[(number + len(category) + len(task_type)) % 5]


def calibration(judge: Mapping[str, Any] = JUDGE, **templates: str) -> Calibration:
    return fit(who(judge), templates or {"contextual": "a" * 64, "intrinsic": "b" * 64})


def table(run: Run, **more: Any) -> str:
    file = StringIO()
    console = Console(file=file, width=220)
    print_report(run, console=console, everything=True, **more)
    return file.getvalue()
