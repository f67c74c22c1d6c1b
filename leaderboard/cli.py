"""`uni-safe`: one command with a subcommand for each thing to do after, before or beside a run.

A module is loaded when its command is called, and none for `--help`: all of them take seconds.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from rich.markup import escape
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from judger.contract.environment import unread
from judger.contract.errors import UserError


class Command(NamedTuple):
    """A subcommand: the stage of work it belongs to, its module in `leaderboard.commands`, and
    what `uni-safe --help` says of it."""

    stage: str
    module: str
    says: str


#: The stages in the order in which a person meets them.
RUN, JUDGE, READ, COMPARE, PUBLISH, DATA = "Run", "Judge", "Read", "Compare", "Publish", "Data"
COMMANDS: dict[str, Command] = {
    "run": Command(RUN, "run", "Ask a model or server, judge its replies, show the report."),
    "doctor": Command(RUN, "doctor", "What is missing on this machine, what a run would cost."),
    "recipes": Command(RUN, "doctor", "List the recipes, or print one to change."),
    "prompts": Command(RUN, "data", "Write prompts and media, for a model run by its own code."),
    "rejudge": Command(JUDGE, "judge", "Judge a run again, with the judge that is set now."),
    "score": Command(JUDGE, "judge", "Judge replies made anywhere, from a file of JSON Lines."),
    "validate-judge": Command(
        JUDGE, "trust.calibrate", "Compare the judge with labels; write a calibration."
    ),
    "stress-judge": Command(
        JUDGE,
        "trust.stress",
        "Count verdicts that flip where nothing that matters changed.",
    ),
    "label": Command(
        JUDGE, "trust.label", "Replies for people to label: draw, merge, how many it takes."
    ),
    "conformance": Command(
        JUDGE, "trust.conformance", "Known faults through a scorer: none may become a verdict."
    ),
    "with-judge": Command(
        JUDGE, "with_judge", "Start a judge's server here, run a command, stop the server."
    ),
    "intents": Command(JUDGE, "judge", "Write the intent behind prompts that come without one."),
    "report": Command(
        READ, "report", "Show a run: tables here, one HTML file that opens from disk."
    ),
    "compare": Command(
        COMPARE, "compare", "Runs against each other, item by item; what unifying costs."
    ),
    "reference": Command(
        COMPARE, "reference", "A run judged strictly and by the published protocol."
    ),
    "sweep": Command(
        COMPARE, "sweep", "How far rates hang on the wording of the judge's templates."
    ),
    "submit": Command(PUBLISH, "board", "Make a submission: verdicts, counts and hashes only."),
    "leaderboard": Command(PUBLISH, "board", "Check submissions, build the site, export rows."),
    "data": Command(DATA, "data", "Check and count the data set."),
    "import": Command(
        DATA, "import_data", "Read your own copy of a public data set into our cells."
    ),
}
#: Commands that have commands of their own.
GROUPS = ("data", "label", "leaderboard", "import")
_WORDS = "uni_safe.words"
#: Characters of an error; one with the end of a server's log has a few thousand.
LONGEST = 10_000


class Lazy(TyperGroup):
    """A group that knows its commands by name and loads one when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, command in COMMANDS.items():  # what `--help` and completion list
            self.add_command(
                TyperCommand(name, help=command.says, rich_help_panel=command.stage), name
            )

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a mistake of the user's is one line and status 2, a bug a traceback."""
        try:
            for line in unread():
                typer.echo(f"uni-safe: {line}", err=True)
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # `uni-safe … | head`: typer ends quietly
        except (UserError, OSError) as error:
            typer.echo(f"uni-safe {_name(ctx.meta[_WORDS])}: {_line(error)}", err=True)
            raise typer.Exit(2) from None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """What is called: the real thing."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and command else command, rest


def _line(error: Exception) -> str:
    """What went wrong in one line. Errors quote files and names of others: what would move the
    cursor, colour the terminal or fill it is shown as what it is."""
    from leaderboard.text.words import visible

    line = visible(" ".join(str(error).split()), LONGEST)
    return " ".join(line.split())


def _name(words: Sequence[str]) -> str:
    """The command that these words call: of a group such as `leaderboard`, its own command too."""
    called = [word for word in words if not word.startswith("-")]
    return " ".join(called[: 2 if called[:1] and called[0] in GROUPS else 1])


def load(name: str) -> Any:
    """The command of that name, with everything it needs."""
    own = typer.Typer()
    own.callback()(_root)
    with _nothing_to_collect():
        module = import_module(f"leaderboard.commands.{COMMANDS[name].module}")
    module.register(own)
    command = get_group(own).commands[name]
    _tidy_help(command)
    return command


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """While modules load nothing becomes garbage, and what they made stays: to look through it
    again and again is a sixth of a short command's time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def _tidy_help(command: Any) -> None:
    """Help as it was written: a paragraph is one line, and `[default]` is no markup of rich's."""
    paragraphs = (command.help or "").split("\n\n")
    command.help = "\n\n".join(escape(" ".join(text.split())) for text in paragraphs)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = escape(parameter.help)
    for inner in getattr(command, "commands", {}).values():
        _tidy_help(inner)


app = typer.Typer(
    cls=Lazy,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Safety of unified multimodal models: run, judge, read, compare, publish.",
    epilog="Tab completion: uni-safe --install-completion. Guides: docs/README.md.",
)


def _print_version(wanted: bool) -> None:
    """Versions of suite, data and harness; then the command ends."""
    if wanted:
        from leaderboard.preflight.versions import versions

        typer.echo("\n".join(f"{name} {version}" for name, version in versions().items()))
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show versions."),
    ] = False,
) -> None:
    pass
