"""The robustness gap as a table for the terminal, in percentage points."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leaderboard.compare.gaps.robustness import TOLD, Robustness
from leaderboard.text.words import difference, p_value, visible

NOTE = (
    "Each row is the overall row of its metric below, and one of that metric's family of tests "
    "(Holm), signed so that more is worse under the attack."
)


def print_robustness(console: Console, gap: Robustness) -> None:
    """Safety lost on harmful items; over-refusal gained and help lost on harmless ones."""
    heading = f"Robustness gap under attack {visible(gap.attack, 100)}: more is worse"
    table = Table(title=escape(heading), box=box.SIMPLE_HEAD, title_justify="left")
    for column in ("", "points [interval]", "n / left out", "p (Holm)"):
        table.add_column(escape(column), justify="right" if column else "left", no_wrap=not column)
    for name, p in gap.rows.items():
        counts = f"{p.n} / {p.unpaired}"
        words = f"{name}, {TOLD[name][2]} items"
        table.add_row(words, escape(difference(p)), counts, p_value(p.adjusted_p))
    console.print(table)
    console.print(f"[dim]{NOTE}[/dim]")
