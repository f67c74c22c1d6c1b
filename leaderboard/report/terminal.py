"""The report for a terminal: who judged, the means, and one table a category."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from judger.contract.outcomes import OUTCOME_MEANING
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.calibration import Calibration
from judger.rates.delivery import DELIVERED_FLOOR
from judger.rates.statistics import Mean, Rate
from leaderboard.report.summary import SHOWN, Cell, Line, Summary, summarise
from leaderboard.runs.read import Run
from leaderboard.text.words import (
    MISSING,
    amount,
    bounds,
    coverage,
    interval,
    judge_standing,
    percent,
    plain,
    remarks,
    title,
    visible,
)

LEGEND = (
    "Each rate, as judged: value and n scored; [95 % interval]; {what unscored items and missing "
    "cells could make of it}. Cells: Wilson. Means: macro mean over cells, Wilson for as many "
    "independent items as would vary as much. → corrected for the judge's errors."
)
NOT_CORRECTED = (
    "As judged, sampling only: no interval here knows the judge's errors (give --calibration)."
)


def print_report(
    run: Run, calibration: Calibration | None = None, console: Console | None = None
) -> None:
    """Print a run to the terminal (or to `console`)."""
    console = console or Console()
    summary = summarise(run, calibration)
    console.print(Panel(_head(summary), title="Uni-SafeBench", expand=False))
    console.print(_means("Means over cells", (summary.overall,)))
    console.print(_means("By category", summary.categories))
    console.print(_means("By task type", summary.types))
    for category in CATEGORIES:
        cells = [summary.cell(category, task_type) for task_type in TASK_TYPES]
        if any(cell.items for cell in cells):
            console.print(_cells(category, cells))
    console.print(f"[dim]{escape(LEGEND)}[/dim]")
    if not summary.overall.corrected:
        console.print(f"[dim]{escape(NOT_CORRECTED)}[/dim]")
    if summary.outcomes:
        console.print(_unscored(summary))
    if summary.canaries:
        said = ", ".join(f"{plain(name)} {back}" for name, back in summary.canaries.items())
        console.print(f"canaries that came back (at least {DELIVERED_FLOOR:.0%} have to): {said}")
    for sentence in summary.corrections:
        console.print(f"[yellow]⚠[/yellow] {escape(sentence)}")
    for flag in sorted({cell.flag for cell in summary.cells if cell.flag}):
        flagged = [cell for cell in summary.cells if cell.flag == flag]
        names = "; ".join(f"{plain(c.category)} × {plain(c.task_type)}" for c in flagged)
        count = f"{len(flagged)} cells" if len(flagged) > 1 else "1 cell"
        console.print(f"[yellow]⚑ cannot be ranked:[/yellow] {count}, {flag} [dim]({names})[/dim]")
    _warn(console, summary)


def _head(summary: Summary) -> str:
    judges = ", ".join(
        f"{judge.get('backend')} {judge.get('model')} ({judge.get('mode')}, "
        f"{judge_standing(judge)}, {count} items)"
        for judge, count in summary.judges
    )
    lines = [
        f"model   {summary.model}",
        f"judge   {judges or 'unknown'}",
        f"data    {', '.join(summary.data_versions)}",
        f"items   {summary.items}{' (a part of the suite: --limit)' if summary.limited else ''}",
        f"run     {', '.join(summary.folders)}",
    ]
    if summary.spent:
        spent = (f"{amount(number)} {plain(name)}" for name, number in summary.spent.items())
        lines.append(f"spent   {', '.join(spent)}")
    return escape("\n".join(map(visible, lines)))


def _means(heading: str, lines: tuple[Line, ...]) -> Table:
    table = Table(title=heading, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("")
    for metric in SHOWN:
        table.add_column(title(metric), justify="right")
    for line in lines:
        table.add_row(plain(line.name), *(_mean(line, metric) for metric in SHOWN))
    return table


def _mean(line: Line, metric: str) -> str:
    mean = line.means[metric]
    if mean.value is None:
        return _nothing(mean)
    lines = [f"{percent(mean.value)} n={mean.n}", interval(mean), bounds(mean), coverage(mean)]
    lines += [*remarks(mean), *_corrected(line.corrected.get(metric))]
    return escape("\n".join(line for line in lines if line))


def _corrected(found: Rate | Mean | None) -> list[str]:
    return [] if found is None else [f"→ {percent(found.value)}", interval(found)]


def _cells(category: str, cells: list[Cell]) -> Table:
    table = Table(title=plain(category), box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("")
    for metric in SHOWN:
        table.add_column(title(metric), justify="right")
    for cell in cells:
        name = plain(cell.task_type) + (" ⚑" if cell.flag else "")
        if not cell.items:
            table.add_row(name, *["not run"] * len(SHOWN), style="dim")
            continue
        table.add_row(name, *(_rate(cell, metric) for metric in SHOWN))
    return table


def _rate(cell: Cell, metric: str) -> str:
    rate = cell.rates[metric]
    if rate.value is None:
        return _nothing(rate)
    lines = [f"{percent(rate.value)} n={rate.n}", interval(rate), bounds(rate), *remarks(rate)]
    lines += _corrected(cell.corrected.get(metric))
    return escape("\n".join(line for line in lines if line))


def _nothing(rate: Rate | Mean) -> str:
    unscored = f"{rate.unscored} unscored" if rate.unscored else ""
    return "\n".join(line for line in (MISSING, unscored, coverage(rate)) if line)


def _unscored(summary: Summary) -> Table:
    table = Table(title="Without a verdict", box=box.SIMPLE_HEAD, title_justify="left")
    for heading in ("items", "outcome", "meaning"):
        table.add_column(heading)
    for outcome, count in sorted(summary.outcomes.items(), key=lambda entry: -entry[1]):
        table.add_row(str(count), escape(outcome), OUTCOME_MEANING.get(outcome, ""))
    return table


def _warn(console: Console, summary: Summary) -> None:
    if summary.unfit:
        console.print(
            f"[bold red]MEASURED, UNFIT:[/bold red] {escape(visible(summary.unfit))}; these "
            "figures are not fit for publication, and nothing is corrected by them."
        )
    elif not summary.calibrated:
        console.print(
            "[bold red]UNCALIBRATED:[/bold red] the judge's accuracy against people has not been "
            "measured; these figures are not fit for publication (see `uni-safe validate-judge`)."
        )
