"""`uni-safe reference`: a run judged strictly beside the same run by the published protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.judges.published.comparison import Comparison, compare
from judger.rates.statistics import Rate, rate_of
from leaderboard.compare.caveats import different_protocols
from leaderboard.runs.read import Run, RunError, load_run
from leaderboard.text.words import arrow

#: What the published protocol reports (its C-Unsafe, C-Reject, I-Unsafe, Both-Safe).
SHOWN = ("contextual_unsafe", "contextual_refusal", "intrinsic_unsafe", "both_safe")
EXAMPLES = 3

Strict = Annotated[Path, typer.Argument(metavar="STRICT", help="a run judged as usual")]
Reference = Annotated[
    Path, typer.Argument(metavar="REFERENCE", help="the same run, UNI_JUDGER_MODE=reference")
]


def reference(strict: Strict, published: Reference) -> None:
    """Show a run's rates in strict and in reference mode, and why items differ.

    The second run is made from the first: UNI_JUDGER_MODE=reference uni-safe rejudge RUN. Its rates
    reproduce a published protocol, known mistakes included; they are no measurement of ours. Both
    may be runs of the paper's own tasks.

    Example: uni-safe reference logs/ logs-rejudged-openai-m-reference/
    """
    runs = load_run(strict, paper=True), load_run(published, paper=True)
    if runs[0].paper is not runs[1].paper:
        raise RunError("one of these is a run of the cells, the other of the paper's own tasks")
    found = compare(*(run.records for run in runs))
    console = Console()
    if caveat := different_protocols({str(run.folders[0]): run.records for run in runs}):
        console.print(escape(caveat))
    console.print(_rates(*runs))
    console.print(_reasons(found))
    console.print(
        f"{found.same} items alike, {len(found.differences)} different, "
        f"{len(found.alone)} in one of the runs only"
    )


def _rates(strict: Run, published: Run) -> Table:
    table = Table("metric", "strict", "reference (not a measurement)", box=box.MARKDOWN)
    for metric in SHOWN:
        rates = (rate_of(metric, run.records) for run in (strict, published))
        table.add_row(f"{metric} {arrow(metric)}".rstrip(), *map(_rate, rates))
    return table


def _rate(found: Rate) -> str:
    if found.value is None:
        return f"n = 0, {found.unscored} unscored"
    interval = f"[{found.low:.3f}, {found.high:.3f}]"
    return escape(f"{found.value:.3f} {interval} n = {found.n}, {found.unscored} unscored")


def _reasons(found: Comparison) -> Table:
    table = Table("items", "why they differ", "for example", box=box.MARKDOWN)
    for why, count in found.counts.most_common():
        same = [d for d in found.differences if d.why == why][:EXAMPLES]
        names = [f"{d.item_id} ({d.strict} / {d.reference})" for d in same]
        table.add_row(str(count), escape(why), escape("; ".join(names)))
    return table


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command()(reference)
