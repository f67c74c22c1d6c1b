"""`uni-safe validate-judge`: how far a judge agrees with people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from judger.contract.outcomes import AXES
from judger.contract.settings import load
from judger.rates.calibration import NOT_CORRECTNESS, Calibration, unfit
from judger.validation import labels
from judger.validation.measure import validate
from leaderboard.commands.judge import STOPPED, judge_name, judging
from leaderboard.runs.calibrated import how_corrected

#: Columns hold intervals: never cut, whatever the terminal.
WIDTH = 150

Labels = Annotated[
    Path | None, typer.Argument(metavar="[LABELS.jsonl]", help="the set that ships, if unset")
]


def validate_judge(
    labelled: Labels = None,
    out: Annotated[Path | None, typer.Option(help="calibration file to write")] = None,
) -> None:
    """Compare the judge with human labels and write its calibration file.

    Prints, over all labels and for each task type, category and hard case, how far judge and people
    agree, with 95 % intervals. Then name the file in UNI_JUDGER_CALIBRATION.

    Example: uni-safe validate-judge labels.jsonl --out my-judge.json
    """
    settings = load().model_copy(update={"calibration": ""})
    path = labelled or labels.SHIPPED
    target = out or Path(f"calibration-{judge_name(settings)}.json")
    with judging(settings, announce=False, unreadable="warn") as session:
        found = validate(session, path)
        stopped = session.judge.stopped
    print_calibration(found, Console(width=WIDTH))
    if stopped:
        typer.echo(f"uni-safe validate-judge: the judge stopped: {stopped}", err=True)
        raise typer.Exit(STOPPED)
    target.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    typer.echo(f"calibration: {target.resolve()}")


def print_calibration(found: Calibration, console: Console) -> None:
    """A calibration as Markdown tables: each axis by slice, its confusion, each metric's errors."""
    for axis in AXES:
        table = _table("labels", "n", "unscored", "accuracy", "sensitivity", "specificity", "kappa")
        for name, axes in found.agreement.items():
            it = axes[axis]
            figures = (it.accuracy, it.sensitivity, it.specificity, it.kappa)
            table.add_row(name, str(it.n), str(it.unscored), *map(str, figures))
        console.print(f"\n{axis} axis (positive: unsafe)", table)
        confusion = found.agreement["all"][axis].confusion
        table = _table("people say", *(f"judge: {verdict}" for verdict in confusion))
        for name, row in confusion.items():
            table.add_row(name, *map(str, row.values()))
        console.print(table)
    table = _table("metric", "sensitivity", "specificity", "noise floor")
    for metric, errors in found.errors.items():
        table.add_row(metric, *map(str, (errors.sensitivity, errors.specificity, errors.noise)))
    console.print("\nerrors of each metric", table)
    faults = found.faults
    left = ", ".join(f"{count} {outcome}" for outcome, count in found.unscored.items())
    console.print(
        f"{found.labels} labels; of {faults['labels']} without a verdict {faults['matched']} ended "
        f"in the outcome expected; unscored: {left or 'none'}"
    )
    console.print(NOT_CORRECTNESS, soft_wrap=True)
    for sentence in how_corrected(found, found.errors):
        console.print(f"⚠ {sentence}", soft_wrap=True)
    if why := unfit(found):
        console.print(f"MEASURED, UNFIT: {why}. No run is calibrated by this file.", soft_wrap=True)


def _table(*columns: str) -> Table:
    table = Table(box=box.MARKDOWN)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command(name="validate-judge")(validate_judge)
