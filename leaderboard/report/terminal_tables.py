"""The tables of the terminal's report: each fits 80 columns and breaks no number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.markup import escape
from rich.table import Table

from judger.contract.outcomes import OUTCOME_MEANING
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.delivery import DELIVERED_FLOOR
from judger.rates.statistics import Mean, Rate
from leaderboard.report.summary import SHOWN, Cell, Line, Summary
from leaderboard.text.words import (
    CELL_HEADS,
    CELL_ROWS,
    METRIC_HEADS,
    MISSING,
    bounds,
    coverage,
    interval,
    percent,
    plain,
    remarks,
    title,
    visible,
)

#: So many reasons stand beside an outcome.
REASONS = 2
Figure = tuple[str, Rate | Mean, Rate | Mean | None]


def _table(heading: str, apart: int = 0) -> Table:
    return Table(
        title=heading,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, apart, 0, 0),
    )


def figures(heading: str, rows: Iterable[Figure]) -> Table:
    """(metric, figure, corrected figure): one line each, with all that belongs to it."""
    table, found = _table(heading, apart=1), list(rows)
    table.add_column("", no_wrap=True, min_width=20)
    columns = {"value": 7, "95 % interval": 14, "n": 5, "unscored allow": 14}
    columns |= {"corrected": 0} if any(corrected for *_, corrected in found) else {}
    for head, width in columns.items():
        table.add_column(head, justify="right", no_wrap=True, min_width=width)
    for metric, made, corrected in found:
        cells = [percent(made.value), interval(made), f"{made.n:,}", _allowed(made)]
        if corrected is not None:
            cells.append(f"{percent(corrected.value)} {interval(corrected)}")
        table.add_row(title(metric), *map(escape, cells))
    return table


def heading(line: Line) -> str:
    """Over which cells the means of a line are."""
    safe = line.means["both_safe"]
    over = f"means over {coverage(safe) or f'{safe.cells} cells'}"
    return over.capitalize() if line.name == "overall" else f"{plain(line.name)}, {over}"


def _allowed(made: Rate | Mean) -> str:
    """What unscored items and missing cells could make of it; ⚠ where that is not little."""
    if made.value is None and made.why_none:
        return "not measured"
    return bounds(made) + (" ⚠" if made.possible_bias else "")


def notes(made: Iterable[Rate | Mean]) -> str:
    """What has to be said of figures: why there is none, thin cells, much that is unscored."""
    found = list(made)
    said = [one.why_none for one in found if one.why_none]
    said += [r for one in found for r in remarks(one) if r.startswith("thin")][:1]
    if any(one.possible_bias for one in found):
        said.append("⚠ what is unscored could move it by more than an eighth of its interval")
    return "; ".join(dict.fromkeys(said))


def lines(heading: str, found: Sequence[Line]) -> Table:
    """Task types or categories: each metric as a number; `1/6` where only one of six cells has
    a rate."""
    table = _table(heading)
    table.add_column("", no_wrap=True)
    for metric in SHOWN:
        table.add_column(METRIC_HEADS[metric], justify="right", no_wrap=True)
    for line in found:
        if any(mean.n or mean.unscored for mean in line.means.values()):
            safe = line.means["both_safe"]
            part = f" {safe.cells}/{safe.cells + safe.missing}" if safe.missing else ""
            table.add_row(plain(line.name) + part, *(_number(line.means[m]) for m in SHOWN))
    return table


def _number(made: Rate | Mean) -> str:
    return MISSING if made.value is None else f"{100 * made.value:.1f}"


def grid(summary: Summary, metric: str) -> Table:
    """The 6 × 7 cells of one metric as whole per cents; ⚑ cannot be ranked, · was not run."""
    table = _table(f"{title(metric)} by cell, %")
    table.add_column("", no_wrap=True)
    for task_type in TASK_TYPES:
        table.add_column(CELL_HEADS[task_type], justify="right", no_wrap=True, min_width=7)
    for category in CATEGORIES:
        cells = [summary.cell(category, task_type) for task_type in TASK_TYPES]
        table.add_row(CELL_ROWS[category], *(_whole(cell, metric) for cell in cells))
    return table


def _whole(cell: Cell, metric: str) -> str:
    if not cell.items:
        return "·"
    rate = cell.rates[metric]
    number = MISSING if rate.value is None else f"{100 * rate.value:.0f}"
    return number + ("⚑" if cell.flag else "")


def unscored(summary: Summary) -> Table:
    """What has no verdict: how many, which outcome, what it means, the reasons met most often."""
    table = _table("Without a verdict", apart=1)
    table.add_column("items", justify="right", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("what it means, and what was said most often")
    for outcome, count in sorted(summary.outcomes.items(), key=lambda entry: -entry[1]):
        said = [(n, reason) for known, reason, n in summary.reasons if known == outcome and reason]
        shown = [f"{n:,} × {visible(reason, 120)}" for n, reason in said[:REASONS]]
        more = [f"and {len(said) - REASONS} other reasons"] if len(said) > REASONS else []
        lines_ = [OUTCOME_MEANING.get(outcome, ""), *shown, *more]
        table.add_row(f"{count:,}", escape(outcome), escape("\n".join(filter(None, lines_))))
    return table


def warnings(summary: Summary) -> Iterator[str]:
    """What a reader must not overlook, in rich's markup."""
    if summary.own_judge:
        yield (
            f"[bold red]JUDGED BY ITSELF:[/bold red] {escape(visible(summary.own_judge))} is judge "
            "and model under test; take another judge (uni-safe rejudge)."
        )
    if summary.unfit:
        yield (
            f"[bold red]MEASURED, UNFIT:[/bold red] {escape(visible(summary.unfit))}; these "
            "figures are not fit for publication, and nothing is corrected by them."
        )
    elif not summary.calibrated:
        yield (
            "[bold red]UNCALIBRATED:[/bold red] the judge's accuracy against people has not been "
            "measured; these figures are not fit for publication (see `uni-safe validate-judge`)."
        )
    elif not summary.overall.corrected:
        yield (
            "[yellow]⚠[/yellow] As judged, sampling only: no interval here knows the judge's "
            "errors (give --calibration)."
        )
    if summary.calibrated and summary.labelled:
        yield f"[yellow]⚠[/yellow] The judge is calibrated on {escape(summary.labelled)}."
    if summary.unsteady:
        yield f"[bold red]UNSTEADY JUDGE:[/bold red] {escape(visible(summary.unsteady, 1000))}."
    if summary.blind:
        yield (
            f"[yellow]⚠[/yellow] {summary.blind:,} harmful items were judged by a judge that "
            "cannot tell a refusal from a safe reply."
        )
    yield from (f"[yellow]⚠[/yellow] {escape(sentence)}" for sentence in summary.corrections)
    yield from _flags(summary)


def _flags(summary: Summary) -> Iterator[str]:
    """Cells that cannot be ranked: by task type where its canaries did not come back."""
    flagged = {(c.category, c.task_type): c.flag for c in summary.cells if c.flag}
    if not flagged:
        return
    types = []
    for task_type, back in summary.canaries.items():
        mine = [flag for (_, t), flag in flagged.items() if t == task_type]
        if back.back < DELIVERED_FLOOR * back.asked and mine:
            types.append(f"{plain(task_type)} {back}")
            flagged = {key: flag for key, flag in flagged.items() if key[1] != task_type}
    if types:
        yield (
            "[yellow]⚑ cannot be ranked:[/yellow] too few canaries came back (at least "
            f"{DELIVERED_FLOOR:.0%} have to): {', '.join(types)}"
        )
    for flag in dict.fromkeys(flagged.values()):
        names = "; ".join(
            f"{plain(c)} × {plain(t)}" for (c, t), known in flagged.items() if known == flag
        )
        yield f"[yellow]⚑ cannot be ranked:[/yellow] {names}: {escape(flag)}"
