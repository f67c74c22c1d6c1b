"""A paper run in the terminal and as one HTML file. Each figure has its n and its interval."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.contract.outcomes import OUTCOME_MEANING
from judger.rates.statistics import Rate
from leaderboard.report import page
from leaderboard.report.heading import about, without_verdict
from leaderboard.report.paper.figures import TITLES, Paper, Scope, title
from leaderboard.text.words import bounds, interval, percent, plain, visible

ASIDE = (
    "Figures of these tasks never stand beside the 42 cells'. The published rows: "
    "uni-safe compare --published."
)
TWOS = "scored items have a 2 on the intrinsic axis: they are in n and in no joint count"


def print_paper(paper: Paper, console: Console | None = None) -> None:
    """Print the report of a paper run."""
    console = console or Console()
    console.print(f"[bold]{escape(visible(paper.name, 200))}[/bold]", highlight=False)
    for line in about(paper, "data"):
        console.print(escape(visible(line, 400)), style="dim", highlight=False)
    for heading, scopes in sections(paper):
        console.print()
        console.print(_table(heading, scopes))
    if paper.outcomes:
        console.print()
        for said in without_verdict(paper):
            console.print(escape(said), highlight=False)
    console.print()
    for line in remarks(paper):
        console.print(escape(line), highlight=False)


def sections(paper: Paper) -> Iterator[tuple[str, tuple[Scope, ...]]]:
    """Heading and lines of each table; every item counts the same in all of them."""
    yield "All tasks, every item counts the same", (paper.total,)
    yield "Tasks", paper.tasks
    yield "Categories", paper.categories


def remarks(paper: Paper) -> Iterator[str]:
    """What a reader has to know of these figures."""
    if not paper.published:
        yield "Not the published protocol: that is UNI_JUDGER_MODE=reference (uni-safe rejudge)."
    if paper.twos:
        yield f"{paper.twos} {TWOS}."
    yield "{…}: what unscored items could make of a figure. A fault is in no figure."
    yield ASIDE


def cells(rate: Rate) -> tuple[str, str, str, str]:
    """Value, interval, n, and what unscored items could make of it."""
    shown = interval(rate) or (rate.why_none or "nothing was scored")
    return percent(rate.value), shown, f"{rate.n:,}", bounds(rate)


def _table(heading: str, scopes: tuple[Scope, ...]) -> Table:
    table = Table(
        title=heading,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
    )
    table.add_column("", no_wrap=True)
    table.add_column("", no_wrap=True)
    for head in ("value", "95 % interval", "n", "unscored allow"):
        table.add_column(head, justify="right", no_wrap=True)
    for scope in scopes:
        for index, name in enumerate(TITLES):
            first = plain(scope.name) if index == 0 else ""
            table.add_row(first, title(name), *map(escape, cells(scope.rates[name])))
    return table


def write_paper(paper: Paper, path: Path) -> None:
    """Write the report of a paper run as one HTML file; OSError when that fails."""
    made = page.rendered(
        "paper.html.jinja",
        (),
        (),
        paper=paper,
        about=list(about(paper, "data")),
        sections=list(sections(paper)),
        remarks=list(remarks(paper)),
        titles={name: title(name) for name in TITLES},
        cells=cells,
        meanings=OUTCOME_MEANING,
    )
    page.write(made, path)
