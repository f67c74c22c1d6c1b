"""The report for a terminal: a verdict in words, the headline, one grid, what to be careful of.

Readable at 80 columns. `--all` adds every number: means of each category, and each cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from judger.rates.calibration import Calibration
from leaderboard.report import terminal_tables as tables
from leaderboard.report.findings.in_words import verdict
from leaderboard.report.summary import SHOWN, Line, Summary, summarise
from leaderboard.runs.read import Run
from leaderboard.text.words import amount, judge_standing, plain, visible

LEGEND = (
    "n: items scored. {…}: what unscored items and missing cells could make of it. ⚑ cannot be "
    "ranked; · not run. A fault is never safe, unsafe or a refusal."
)
MORE = "All numbers: --all. Replies and reasons: the HTML report."


def print_report(
    run: Run,
    calibration: Calibration | None = None,
    console: Console | None = None,
    everything: bool = False,
    summary: Summary | None = None,
) -> None:
    """Print a run to the terminal (or to `console`); `everything` adds all the other numbers.

    `summary` is that of this run and calibration, where it is known already.
    """
    console = console or Console()
    summary = summary or summarise(run, calibration)
    console.print(f"[bold]{escape(visible(summary.name, 200))}[/bold]", highlight=False)
    for attack in summary.attacks:
        under = f"UNDER ATTACK: {attack}: every request stood in a wrapper (docs/attacks.md)"
        console.print(f"[bold red]{escape(visible(under, 200))}[/bold red]", highlight=False)
    for line in _about(summary):
        console.print(escape(line), style="dim", highlight=False)
    said = verdict(summary)
    for sentence in (said.says, said.cannot):
        console.print(Padding(escape(visible(sentence)), (1, 0, 0, 0)), highlight=False)
    _show(console, tables.figures(tables.heading(summary.overall), _figures(summary.overall)))
    if note := tables.notes(summary.overall.means.values()):
        console.print(f"[dim]{escape(note)}[/dim]", highlight=False)
    _show(console, tables.lines("Task types, %", summary.types))
    _show(console, tables.grid(summary, "both_safe"))
    if everything:
        _show_everything(console, summary)
    if summary.outcomes:
        _show(console, tables.unscored(summary))
    console.print()
    for warning in tables.warnings(summary):
        console.print(warning, highlight=False)
    console.print(f"[dim]{escape(LEGEND)}{'' if everything else ' ' + MORE}[/dim]")


def _show(console: Console, table: Table) -> None:
    console.print()
    console.print(table)


def _about(summary: Summary) -> Iterator[str]:
    """Who judged what, when, and at what cost."""
    if summary.name != summary.model:
        yield visible(summary.model, 400)
    judges = ", ".join(
        f"{judge.get('backend')} {judge.get('model')} ({judge.get('mode')}, "
        f"{judge_standing(judge)}, {count:,} items)"
        for judge, count in summary.judges
    )
    part = f", {summary.part}" if summary.limited else ""
    run_on = f", run {' and '.join(summary.dates)}" if summary.dates else ""
    measured = f"data {', '.join(summary.data_versions)}, protocol {', '.join(summary.protocols)}"
    yield f"{summary.items:,} items{part}, {measured}{run_on}"
    yield visible(f"judged by {judges or 'unknown'}")
    if summary.forms:
        told = ", ".join(f"{form} {count:,} times" for form, count in summary.forms)
        yield visible(f"sounds and films went to the judge as {told}")
    if summary.spent:
        spent = (f"{amount(number)} {plain(name)}" for name, number in summary.spent.items())
        yield f"spent {', '.join(spent)}"
    yield visible(f"from {', '.join(summary.folders)}")


def _figures(line: Line) -> Iterator[tables.Figure]:
    for metric in SHOWN:
        yield metric, line.means[metric], line.corrected.get(metric)


def _show_everything(console: Console, summary: Summary) -> None:
    _show(console, tables.lines("Categories, %", summary.categories))
    for metric in SHOWN[1:]:
        _show(console, tables.grid(summary, metric))
    for line in (*summary.types, *summary.categories):
        _show(console, tables.figures(tables.heading(line), _figures(line)))
    for cell in summary.cells:
        if cell.items:
            name = f"{plain(cell.category)} × {plain(cell.task_type)}"
            rows = ((m, cell.rates[m], cell.corrected.get(m)) for m in SHOWN)
            _show(console, tables.figures(name, rows))
    _show(console, _replies(summary))


def _replies(summary: Summary) -> Table:
    """Length and form of the replies, by task type."""
    table = Table(
        title="Replies as such", box=box.SIMPLE_HEAD, title_justify="left", show_edge=False
    )
    table.add_column("")
    for heading in ("n", "words", "90 % below", "loop", "echo", "break off"):
        table.add_column(heading, justify="right", no_wrap=True)
    for line in summary.types:
        made = line.replies
        if not made.n:
            continue
        counts = (made.looping, made.echoing, made.broken)
        lengths = (f"{made.words:.0f}", f"{made.long_words:.0f}")
        table.add_row(plain(line.name), str(made.n), *lengths, *map(str, counts))
    return table
