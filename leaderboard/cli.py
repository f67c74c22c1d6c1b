"""`uni-safe`: one command with a subcommand for each thing to do after, before or beside a run.

A module is loaded when its command is called, and none for `--help`: all of them take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from judger.contract.errors import UserError
from uni_safe_tasks.harness.own_packages import ForeignPackageError, require_own_packages

#: Subcommand -> its module in `leaderboard.commands`, and what `uni-safe --help` says of it.
COMMANDS: dict[str, tuple[str, str]] = {
    "report": ("report", "Show a run: a table here, and one HTML file that opens from disk."),
    "compare": (
        "compare",
        "What unification costs: a unified model against its relatives, by item.",
    ),
    "rejudge": ("judge", "Judge a run again with the judge that the environment names."),
    "score": ("judge", "Judge replies that were made anywhere, from a file of JSON Lines."),
    "intents": ("judge", "Write down what lies behind each prompt that comes without an intent."),
    "reference": ("reference", "Show a run's rates in strict and in reference mode."),
    "validate-judge": (
        "calibrate",
        "Compare the judge with human labels; write a calibration file.",
    ),
    "sweep": ("sweep", "Judge runs again in several wordings of the judge's templates."),
    "prompts": ("data", "Write the exact prompts and media, for a model run by its own code."),
    "data": ("data", "Check and count the data set."),
    "import": ("import_data", "Read your own copy of a public data set into our cells."),
    "doctor": ("doctor", "Say what is missing on this machine and what a run would cost."),
    "recipes": ("doctor", "List the recipes, or print one to change."),
    "submit": ("board", "Make a submission of a run: verdicts, counts and hashes only."),
    "leaderboard": ("board", "Check submissions, build the site, export rows."),
}


#: Commands that have commands of their own.
GROUPS = ("data", "leaderboard", "import")
_WORDS = "uni_safe.words"


class Lazy(TyperGroup):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What `--help` lists: name and sentence."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a mistake of the user's is one line and status 2, a bug a traceback."""
        try:
            require_own_packages()
            return super().invoke(ctx)
        except (UserError, OSError, ForeignPackageError) as error:
            line = " ".join(str(error).split())
            typer.echo(f"uni-safe {_name(ctx.meta[_WORDS])}: {line}", err=True)
            raise typer.Exit(2) from None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """What is called: the real thing."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and command else command, rest


def _name(words: Sequence[str]) -> str:
    """The command that these words call: of a group such as `leaderboard`, its own command too."""
    called = [word for word in words if not word.startswith("-")]
    return " ".join(called[: 2 if called[:1] and called[0] in GROUPS else 1])


def load(name: str) -> Any:
    """The command of that name, with everything it needs."""
    own = typer.Typer()
    own.callback()(_root)
    import_module(f"leaderboard.commands.{COMMANDS[name][0]}").register(own)
    return get_group(own).commands[name]


app = typer.Typer(
    cls=Lazy,
    no_args_is_help=True,
    add_completion=False,
    help="After, before or beside a run: report, compare, judge again, submit, publish.",
)


@app.callback()
def _root() -> None:
    pass
