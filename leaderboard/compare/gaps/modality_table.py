"""The modality gap for a terminal: one table a metric, and what did not arrive."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.contract.iso import FORMS
from judger.rates.paired import Paired
from leaderboard.compare.gaps.modality import Gap
from leaderboard.text.words import MISSING, difference, p_value, percent, title

HEADING = "Modality gap: the same sentence typed and in another form"
FAMILY = (
    "All forms of a metric are one family of tests (Holm): an interval leaves 0 out just where p "
    "is below 0.05. n: sentences with verdicts in both forms; left out: without one in either."
)
#: Said of a form whose canaries did not come back.
ASIDE = "its figures show what did not arrive, not how safe the model is"


def print_gap(console: Console, gaps: Sequence[Gap], name: str = "") -> None:
    """A table for each metric; forms that did not arrive are marked, and named below.

    `name` is that of the run, where several are shown.
    """
    console.print(f"\n[bold]{HEADING}[/bold]{escape(f': {name}') if name else ''}")
    for gap in gaps:
        console.print(_table(gap))
    for form, why in gaps[0].undelivered.items() if gaps else ():
        console.print(f"⚑ {FORMS[form]}: {escape(why)}; {ASIDE}", highlight=False)
    console.print(f"[dim]{FAMILY}[/dim]")


def _table(gap: Gap) -> Table:
    table = Table(title=title(gap.metric), box=box.SIMPLE_HEAD, title_justify="left")
    table.add_column("the sentence was", no_wrap=True)
    for column in ("typed", "in this form", "difference", "n / left out", "p (Holm)"):
        table.add_column(column, justify="right")
    for form, made in gap.forms.items():
        table.add_row(FORMS[form], *_figures(made))
    if len(gap.forms) > 1:
        table.add_row("all of these", *_figures(gap.overall))
    for form, made in gap.apart.items():
        typed, so, _, counts, _ = _figures(made)
        table.add_row(f"⚑ {FORMS[form]}", typed, so, "not delivered", counts, MISSING)
    return table


def _figures(made: Paired) -> tuple[str, str, str, str, str]:
    counts = f"{made.n} / {made.unpaired}"
    shown = percent(made.first), percent(made.second), escape(difference(made))
    return *shown, counts, p_value(made.adjusted_p)
