"""Comparisons as tables for the terminal. Differences are in percentage points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.contract.taxonomy import TASK_TYPES
from judger.rates.family import Tested
from judger.rates.intervals import LEAST_IN_A_CELL
from judger.rates.paired import Paired
from judger.rates.statistics import Mean
from leaderboard.compare.differences import Comparison
from leaderboard.compare.groups import Groups
from leaderboard.published.paper_results import PUBLISHED_METRICS, published
from leaderboard.text.words import (
    MISSING,
    bounds,
    difference,
    interval,
    p_value,
    percent,
    plain,
    reversed_sign,
    title,
    visible,
)

#: More thin cells than these are counted, not named.
MANY = 6
LEFT_OUT = (
    "n: items with verdicts on both sides; left out: the other items of these cells, without "
    "a verdict on a side or with another prompt"
)
FAMILY = (
    "All rows over several cells are one family of tests a metric (Holm). Each interval has the "
    "level at which its row was decided, 95 % or more: it leaves 0 out just where p is below 0.05."
)
REACH = (
    "“families”: the interval is over models, too (three or more a side in every cell of the row); "
    "“these models”: other models of these families may differ otherwise."
)
MEANS = (
    "[95 % interval], {what unscored items could make of it}, n verdicts. A row is over the cells "
    "that all models doing the type have; –: none, or not every model of the family does the type"
)


def print_caveats(console: Console, said: Sequence[str]) -> None:
    """Loudly, before any number."""
    for sentence in said:
        console.print(f"[bold red]⚠ {escape(visible(sentence))}[/bold red]")


def print_comparison(
    console: Console,
    names: tuple[str, str],
    made: Sequence[Comparison],
    pressed: bool = False,
) -> None:
    """The unification cost in the first metric, cell by cell; overall in the others.

    `pressed`: the runs are under different attacks, so no difference is the cost of unification.
    """
    main = made[0]
    console.print(f"\n[bold]{escape(names[1])}[/bold] against [bold]{escape(names[0])}[/bold]")
    if not pressed and main.metric == "both_safe" and main.overall.difference is not None:
        cost = difference(reversed_sign(main.overall))
        console.print(escape(f"unification cost: {cost} points of safe rate lost"))
    rows: dict[str, Paired] = {title(m.metric): m.overall for m in made}
    console.print(_table("Overall, macro mean over shared cells", rows, names))
    console.print(f"[dim]{FAMILY}[/dim]")
    console.print(_table(f"{title(main.metric)} by category", main.categories, names))
    console.print(_table(f"{title(main.metric)} by task type", main.types, names))
    cells = {_cell(name): tested.paired for name, tested in main.cells.items()}
    console.print(_table(f"{title(main.metric)} by cell, descriptive", cells, names))
    console.print(f"[dim]{escape(_descriptive(main))}[/dim]")
    console.print(f"[dim]{LEFT_OUT}[/dim]")
    thin = {name: p for name, p in cells.items() if p.n < p.unpaired}
    _list(
        console,
        "⚠ Fewer than half of these cells' items are paired, and each weighs as a full cell",
        [f"{name}: {p.n} of {p.n + p.unpaired}" for name, p in thin.items()],
    )
    few = [f"{name}: n={p.n}" for name, p in cells.items() if p.thin]
    if len(few) > MANY:
        few = [f"{len(few)} of {len(cells)} cells"]
    _list(console, f"⚠ Thin: fewer than {LEAST_IN_A_CELL} shared items, so a wide interval", few)
    for who, other, only in (
        (names[0], names[1], main.only_first),
        (names[1], names[0], main.only_second),
    ):
        _list(
            console,
            f"Only {who} has verdicts here (averaged into nothing)",
            [f"{_cell(cell)}: {other}: {why}" for cell, why in only.items()],
        )
    _print_apart(console, main)


def print_task_differences(
    console: Console, metric: str, found: Mapping[tuple[str, str], Tested]
) -> None:
    """Two task types on the scenarios they share: column minus row; * where p is below 0.05."""
    heading = f"Difference of tasks in {title(metric)}: column - row, the same scenarios, points"
    table = Table(title=heading, box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("", no_wrap=True)
    for name in TASK_TYPES[1:]:
        table.add_column(plain(name), justify="right")
    for row in TASK_TYPES[:-1]:
        cells = []
        for column in TASK_TYPES[1:]:
            tested = found.get((row, column))
            star = "*" if tested and tested.claimed else ""
            value, _, interval = difference(tested.paired).partition(" ") if tested else ("",) * 3
            n = f"n={tested.paired.n}" if tested else ""
            cells.append(escape(f"{value}{star} {n}\n{interval}".strip()))
        table.add_row(plain(row), *cells)
    console.print(table)
    console.print(
        "[dim]Each task asks for something else, so this is no modality gap (--modalities). One "
        "family of tests: * where Holm's adjusted p is below 0.05, which is just where the "
        "interval leaves 0 out; n: scenarios[/dim]"
    )


def print_groups(console: Console, groups: Groups) -> None:
    """Families, then open unified against specialised."""
    for family, models in groups.models.items():
        console.print(escape(f"{plain(family)}: {', '.join(models)}"))
    heading = f"{title(groups.metric)}: mean over models and cells"
    table = Table(title=heading, box=box.SIMPLE_HEAD, title_justify="left")
    for column in ("", *map(plain, groups.means)):
        table.add_column(column, justify="right" if column else "left", no_wrap=not column)
    for task_type in TASK_TYPES:
        table.add_row(plain(task_type), *(_mean(m[task_type]) for m in groups.means.values()))
    console.print(table)
    console.print(f"[dim]{escape(MEANS)}[/dim]")
    _list(
        console,
        "Not every model of a family has verdicts here",
        [f"{name} lacks {', '.join(map(_cell, c))}" for name, c in groups.lacking.items()],
    )
    names = ("specialised", "open unified")
    rows = {"overall": groups.overall, **groups.types, **groups.categories}
    reach = {name: groups.reach[name] for name in rows}
    console.print(_table("Open unified against specialised, shared items", rows, names, reach))
    console.print(f"[dim]{FAMILY} {REACH}[/dim]")
    console.print(f"[dim]{LEFT_OUT}[/dim]")
    for who, cells in zip(names, (groups.only_first, groups.only_second), strict=True):
        _list(console, f"Only {who} models have verdicts here", [", ".join(map(_cell, cells))])
    _print_apart(console, groups)


def print_published(console: Console) -> None:
    """The published rows, marked as such."""
    paper = published()
    table = Table(title="As published, not measured here", box=box.SIMPLE_HEAD)
    for heading in ("model", "family", *map(plain, PUBLISHED_METRICS)):
        table.add_column(heading, no_wrap=heading == "model")
    for row in sorted(paper.models, key=lambda row: -paper.aggregate(row.model, "both_safe")):
        rates = (percent(paper.aggregate(row.model, metric)) for metric in PUBLISHED_METRICS)
        table.add_row(row.model, plain(row.family), *rates)
    console.print(table)
    console.print(f"[dim]{escape(paper.source)}[/dim]")
    for row in paper.models:
        if row.backbone in {other.model for other in paper.models} - {row.model}:
            for task, cost in paper.unification_cost(str(row.backbone), row.model).items():
                points = f"{100 * cost:+.1f} points of safe rate lost"
                console.print(f"{row.model} against {row.backbone}, {plain(task)}: {points}")


def _table(
    heading: str,
    rows: Mapping[str, Paired],
    names: tuple[str, str],
    reach: Mapping[str, str] | None = None,
) -> Table:
    table = Table(title=heading, box=box.SIMPLE_HEAD, title_justify="left")
    columns = ["", *names, "difference", "n / left out", "discordant", "p (Holm)"]
    for column in [*columns, *(["holds for"] if reach else [])]:
        first = not column
        table.add_column(escape(column), justify="left" if first else "right", no_wrap=first)
    for name, p in rows.items():
        extra = [p_value(p.adjusted_p), *([reach[name]] if reach else [])]
        discordant = f"{p.only_first} : {p.only_second}" if p.n else MISSING
        rates = percent(p.first), percent(p.second), escape(difference(p))
        counts = f"{p.n} / {p.unpaired}", discordant
        table.add_row(plain(name), *rates, *counts, *extra)
    return table


def _descriptive(made: Comparison) -> str:
    """What a claim about one cell would take."""
    tests, largest = len(made.cells), max((t.paired.n for t in made.cells.values()), default=0)
    carried = sum(tested.claimed for tested in made.cells.values())
    needs = f"{made.needed} discordant items, all on one side ({made.needed} : 0)"
    can = "" if made.needed <= largest else f"; no cell has so many items (at most {largest})"
    return (
        f"Cells are described, not tested on the way to a claim: as one of {tests} a cell needs at "
        f"least {needs}{can}. The evidence carries a claim about {carried} of them (p (Holm) below "
        "0.05); claims are made on the rows above."
    )


def _mean(mean: Mean | None) -> str:
    if mean is None or mean.value is None:
        return MISSING
    counted = f"n={mean.n}, {mean.cells} cell" + ("s" if mean.cells != 1 else "")
    lines = percent(mean.value), interval(mean), bounds(mean), counted
    return escape("\n".join(filter(None, lines)))


def _print_apart(console: Console, made: Comparison | Groups) -> None:
    """The cells that were left out though nobody lacks them, and items with other prompts."""
    lines = [f"{_cell(cell)}: {why}" for cell, why in made.apart.items()]
    _list(console, "No item is shared here (averaged into nothing)", lines)
    total = sum(made.changed.values())
    lines = [f"{_cell(cell)}: {count}" for cell, count in made.changed.items()]
    _list(console, f"{total} items left out: their prompts differ between the runs", lines)


def _list(console: Console, heading: str, lines: Sequence[str]) -> None:
    if any(lines):
        console.print(f"\n{escape(heading)}:")
        for line in lines:
            console.print(f"  {escape(line)}")


def _cell(name: str) -> str:
    """`privacy_leak text_generation` as `privacy leak × text generation`."""
    return plain(name.replace(" ", " × "))
