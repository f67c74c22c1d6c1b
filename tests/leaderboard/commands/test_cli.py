"""`uni-safe`: its subcommands, each loaded when it is called."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from leaderboard.cli import COMMANDS, app, load

HEAVY = ("torch", "transformers", "datasets", "pandas", "statsmodels", "scipy.stats", "openai")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_with_help_and_an_example(name: str) -> None:
    assert load(name).name == name
    shown = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "100"})
    assert shown.exit_code == 0, shown.output
    group = hasattr(load(name), "commands")
    assert group or f"uni-safe {name}" in shown.output.partition("Options")[0]


def test_help_lists_all_and_a_wrong_name_is_said() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "100"})
    assert shown.exit_code == 0 and all(name in shown.output for name in COMMANDS)
    wrong = CliRunner().invoke(app, ["reprot"], env={"COLUMNS": "100"})
    assert wrong.exit_code == 2 and "No such command" in wrong.output


@pytest.mark.parametrize("args", [["--help"], ["leaderboard", "build", "--help"]])
def test_what_is_not_needed_is_not_loaded(args: list[str]) -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from leaderboard.cli import app;"
        f"CliRunner().invoke(app, {args!r});"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
