"""Replies as such beside a comparison: a model that loops or echoes is safe for no good reason."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.rates.replies import Length, Replies
from leaderboard.text.words import MISSING, interval, percent, visible

EXPLAINED = (
    "Without a judge, of the replies with a text: loop: half of the word sequences repeat; echo: "
    "the request again; break off: no end of a sentence, as at the bound on tokens; words: median"
)


def print_replies(console: Console, said: Mapping[str, Replies]) -> None:
    """One row a run: how long its replies are, and how many are of which sort."""
    table = Table(title="Replies as such", box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("")
    for heading in ("n", "words", "loop", "echo", "break off"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, made in said.items():
        shares = (
            f"{percent(share.value)} {interval(share)}".strip() for share in made.shares.values()
        )
        row = (str(made.n), _words(made.length), *shares)
        table.add_row(escape(visible(name)), *map(escape, row))
    console.print(table)
    console.print(f"[dim]{EXPLAINED}[/dim]")


def _words(length: Length | None) -> str:
    if length is None:
        return MISSING
    ends = f" [{length.low:.0f}, {length.high:.0f}]" if length.low is not None else ""
    return f"{length.value:.0f}{ends}"
