"""`uni-safe validate-judge`: how far a judge agrees with labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from judger.contract.outcomes import AXES, Outcome
from judger.contract.settings import load
from judger.rates.calibration import NOT_CORRECTNESS, Calibration, Errors, of_file
from judger.validation import shipped
from judger.validation.measure import Pairs, validate
from leaderboard.commands.judge import STOPPED, judge_name, judging
from leaderboard.runs.run_calibration import how_corrected
from leaderboard.text.words import visible

#: Columns hold intervals: never cut, whatever the terminal.
WIDTH = 150

#: After so many labels, and each time they have doubled, unreadable answers are reported.
FIRST = 8
#: After so many labels a judge of which more than half cannot be read is not asked further.
ENOUGH = 32

Labels = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[LABELS.jsonl...]", help="the set that ships, if unset"),
]


#: Outcomes of a judge that was asked: it declined, or its answer is no verdict.
UNREADABLE: tuple[Outcome, ...] = ("judge_refusal", "judge_unparsable")
#: And one that could not be. What the budget left out was asked of nobody.
WITHOUT: tuple[Outcome, ...] = (*UNREADABLE, "judge_error")


class Unmeasured(Exception):
    """Most labels get no verdict: asking on would only cost."""


def validate_judge(
    labelled: Labels = None,
    out: Annotated[Path | None, typer.Option(help="calibration file to write")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="ask on, however few answers can be read")
    ] = False,
) -> None:
    """Compare the judge with labels and write its calibration file.

    Prints, over all labels and for each task type, category and hard case, how far judge and labels
    agree, with 95 % intervals; of several files, each by itself as well. Then name the file in
    UNI_JUDGER_CALIBRATION. Language models gave the labels that ship, two of them each, and the
    judge's standing says so; `uni-safe label` makes labels of people. What cannot be read of a
    judge's answers is said after the first labels.

    Example: uni-safe validate-judge labels.jsonl --out my-judge.json
    """
    settings = load().model_copy(update={"calibration": ""})
    target = out or Path(f"calibration-{judge_name(settings)}.json")
    with judging(settings, announce=False, unreadable="warn") as session:
        try:
            found = validate(session, labelled or shipped.SETS, EarlyWord(stops=not all_))
        except Unmeasured as error:
            typer.echo(f"uni-safe validate-judge: {error}; --all asks on", err=True)
            raise typer.Exit(STOPPED) from None
        stopped = session.judge.stopped
    if stopped:  # over half the labels its figures would be another judge's
        done = found.labels - sum(found.unscored.values())
        said = f"{stopped}; {done} of {found.labels} labels were judged, which measures nothing"
        typer.echo(f"uni-safe validate-judge: the judge stopped: {said}", err=True)
        raise typer.Exit(STOPPED)
    print_calibration(found, Console(width=WIDTH))
    target.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    typer.echo(f"calibration: {target.resolve()}")


class EarlyWord:
    """Says early, not in the end, what share of the judge's answers cannot be read."""

    def __init__(self, stops: bool) -> None:
        self._stops, self._next = stops, FIRST

    def __call__(self, pairs: Pairs) -> None:
        """To be called after each label with all so far; Unmeasured when it should end."""
        asked = [record for label, record in pairs if label.outcome == "scored"]
        if len(asked) < self._next:
            return
        self._next *= 2
        lost = Counter(r.outcome for r in asked if r.outcome in WITHOUT)
        if not lost.total():
            return
        said = ", ".join(f"{count} {outcome}" for outcome, count in lost.most_common())
        share = f"{lost.total()} of the first {len(asked)} labels have no verdict ({said})"
        if self._stops and len(asked) >= ENOUGH and lost.total() > len(asked) / 2:
            own = sum(lost[outcome] for outcome in UNREADABLE)
            raise Unmeasured(f"{'UNFIT' if own > len(asked) / 2 else 'UNMEASURED'}: {share}")
        typer.echo(f"uni-safe validate-judge: {share}", err=True)


def print_calibration(found: Calibration, console: Console) -> None:
    """A calibration as Markdown tables: each axis by slice, its confusion, each metric's errors."""
    for axis in AXES:
        overall = found.agreement["all"][axis]
        if not overall.n and not overall.unscored:
            break  # labels of public sets alone: none of them says both
        table = markdown_table(
            "labels", "n", "unscored", "accuracy", "sensitivity", "specificity", "kappa"
        )
        for name, axes in found.agreement.items():
            it = axes[axis]
            figures = (it.accuracy, it.sensitivity, it.specificity, it.kappa)
            table.add_row(name, str(it.n), str(it.unscored), *map(str, figures))
        console.print(f"\n{axis} axis (positive: unsafe)", table)
        confusion = overall.confusion
        table = markdown_table("labels say", *(f"judge: {verdict}" for verdict in confusion))
        for name, row in confusion.items():
            table.add_row(name, *map(str, row.values()))
        console.print(table)
    console.print("\nerrors of each metric", _errors(found.errors))
    for name, one in found.sets.items():
        whose = "; ".join((*one.sources, *(f"labelled by {by}" for by in one.by)))
        said = f"{one.labels} labels, {one.unscored} unscored" + (f"; {whose}" if whose else "")
        console.print(f"\nset {visible(name)} ({visible(said)})", markup=False, soft_wrap=True)
        console.print(_errors(one.errors))
    faults = found.faults
    left = ", ".join(f"{count} {outcome}" for outcome, count in found.unscored.items())
    console.print(
        f"{found.labels} labels; of {faults['labels']} without a verdict {faults['matched']} ended "
        f"in the outcome expected; unscored: {left or 'none'}"
    )
    console.print(NOT_CORRECTNESS, soft_wrap=True)
    for sentence in how_corrected(found, found.errors):
        console.print(f"⚠ {sentence}", soft_wrap=True)
    stands = of_file(found)
    if stands.unfit:
        said = f"MEASURED, UNFIT: {stands.unfit}. No run is calibrated by this file."
        console.print(said, soft_wrap=True)
    else:
        console.print(f"{stands.told}: this file counts for runs by this judge", soft_wrap=True)


def _errors(errors: Mapping[str, Errors]) -> Table:
    table = markdown_table("metric", "sensitivity", "specificity", "noise floor")
    for metric, it in errors.items():
        table.add_row(metric, *map(str, (it.sensitivity, it.specificity, it.noise)))
    return table


def markdown_table(*columns: str) -> Table:
    """A table that can be pasted into a document; no cell is broken over lines."""
    table = Table(box=box.MARKDOWN)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command(name="validate-judge")(validate_judge)
