"""`uni-safe`: its subcommands, each loaded when it is called."""

from __future__ import annotations

import gc
import subprocess
import sys
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from typing import get_type_hints

import pytest
from typer.models import OptionInfo
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


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_is_afterwards_as_it_was(collects: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        load("report")
        assert gc.isenabled() == collects
    finally:
        (gc.enable if before else gc.disable)()


def test_help_lists_all_and_a_wrong_name_is_said() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "100"})
    assert shown.exit_code == 0 and all(name in shown.output for name in COMMANDS)
    wrong = CliRunner().invoke(app, ["reprot"], env={"COLUMNS": "100"})
    assert wrong.exit_code == 2 and "No such command" in wrong.output
    assert "Did you mean" in wrong.output and "'report'" in wrong.output


def test_commands_stand_by_stage_and_in_one_line_each() -> None:
    shown = CliRunner().invoke(app, ["-h"], env={"COLUMNS": "80"}).output
    lines = shown.splitlines()
    stages = list(dict.fromkeys(command.stage for command in COMMANDS.values()))
    heads = [line.split()[1] for line in lines if line.startswith("╭─")]
    assert heads == ["Options", *stages]
    for name, command in COMMANDS.items():
        assert any(line.startswith(f"│ {name} ") and command.says in line for line in lines), name


def test_the_version_is_that_of_suite_data_and_harness() -> None:
    shown = CliRunner().invoke(app, ["--version"])
    said = dict(line.split(" ", 1) for line in shown.output.splitlines())
    assert shown.exit_code == 0 and {"uni-safebench", "data", "Python", "lmms-eval"} <= set(said)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("uni-safe re", {"report", "rejudge", "reference", "recipes"}),
        ("uni-safe leaderboard b", {"build"}),
        ("uni-safe report --ht", {"--html"}),
    ],
)
def test_tab_completes_commands_and_options(typed: str, offered: set[str]) -> None:
    words = {
        "_UNI_SAFE_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    shown = CliRunner().invoke(app, [], env=words, prog_name="uni-safe")
    assert set(shown.output.split()) == offered


def test_help_is_what_was_written() -> None:
    shown = CliRunner().invoke(app, ["run", "-h"], env={"COLUMNS": "120"}).output
    assert "[runs/NAME]" in shown and "[UNI_JUDGER_MODEL]" in shown
    assert "The same line again goes on where a killed run was." in " ".join(shown.split())


def test_a_mistyped_variable_is_said_and_the_command_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNI_JUDGER_MODLE", "m")
    shown = CliRunner().invoke(app, ["recipes", "janus"])
    assert shown.exit_code == 0 and "pretrained=" in shown.output
    assert "UNI_JUDGER_MODLE is set, but nothing reads it: did you mean UNI_JUDGER_MODEL?" in (
        shown.stderr
    )


@pytest.mark.parametrize("module", sorted({command.module for command in COMMANDS.values()}))
def test_no_option_takes_a_number_without_end(module: str) -> None:
    """`inf` is a float, and no number that anything here can work with."""
    found = import_module(f"leaderboard.commands.{module}")
    for function in filter(isfunction, vars(found).values()):
        if function.__module__ == found.__name__:
            for name, hint in get_type_hints(function, include_extras=True).items():
                for option in getattr(hint, "__metadata__", ()):
                    if isinstance(option, OptionInfo) and hint.__origin__ in (float, float | None):
                        assert option.max is not None, f"{function.__name__} {name}"


def test_an_error_is_one_line_that_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    named = tmp_path / ("x\x1b[31m\n" + "y" * 100)
    shown = CliRunner().invoke(app, ["import", "xstest", str(named)])
    assert shown.exit_code == 2 and shown.stderr.count("\n") == 1
    assert "x⟦U+001B⟧[31m yyy" in shown.stderr and "\x1b" not in shown.stderr


@pytest.mark.parametrize("args", [["--help"], ["leaderboard", "build", "--help"]])
def test_what_is_not_needed_is_not_loaded(args: list[str]) -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from leaderboard.cli import app;"
        f"CliRunner().invoke(app, {args!r});"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
