"""`uni-safe import`: a user's own copy of a public data set, read in place; nothing is copied."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from leaderboard.published.paper_results import published
from uni_safe_tasks.importers.labelled import write_labelled as labelled
from uni_safe_tasks.importers.source import SourceError
from uni_safe_tasks.importers.write import READERS, import_set
from uni_safe_tasks.paper import index
from uni_safe_tasks.paper.copy import Survey, survey
from uni_safe_tasks.paper.protocol import TASKS

PAPER = "uni-safebench"
_SETS = ", ".join((PAPER, *READERS, *labelled.READERS))


def import_(
    name: Annotated[str, typer.Argument(metavar="SET", help=_SETS)],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="the folder or file of your copy")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="the file to write [PATH/SET.items.jsonl or PATH/SET.labels.jsonl]; "
            "uni-safebench: the folder"
        ),
    ] = None,
    partial: Annotated[
        bool,
        typer.Option(
            help="uni-safebench: take a copy that lacks files, has other labels or broken lines"
        ),
    ] = False,
) -> None:
    """Read your own copy of a public data set into our cells; unmapped labels are dropped, counted.

    uni-safebench becomes the suite uni_safebench_*: only an index of paths is written. Of the other
    sets a file of items is written, which can be answered anywhere (add a `reply` to each line and
    run `uni-safe score FILE`) or asked by the harness (UNI_SAFE_ITEMS=FILE lmms_eval
    --tasks unisafe_items). A set of labelled replies (xstest-completions, wildguardtest, …) becomes
    a file of labels, to measure a judge with: `uni-safe validate-judge FILE...`.

    Example: uni-safe import siuo ~/SIUO
    """
    if name not in (PAPER, *READERS, *labelled.READERS):
        raise SourceError(f"{name!r} is no set we read; choose {_SETS}")
    if name == PAPER:
        done = _import_paper(path, out or index.folder(), partial)
    elif name in labelled.READERS:
        done = _import_labels(name, path, out)
    else:
        done = _import_items(name, path, out)
    raise typer.Exit(0 if done else 1)


def _import_items(name: str, path: Path, out: Path | None) -> bool:
    target = out or (path if path.is_dir() else path.parent) / f"{name}.items.jsonl"
    report = import_set(name, path, target)
    for (category, task_type), count in sorted(report.cells.items()):
        typer.echo(f"{count:8d}  {category} / {task_type}")
    _say_dropped(report.dropped)
    typer.echo(f"{target}: {report.written} items")
    return report.written > 0


def _import_labels(name: str, path: Path, out: Path | None) -> bool:
    target = out or (path if path.is_dir() else path.parent) / f"{name}.labels.jsonl"
    report = labelled.import_labels(name, path, target)
    for verdicts, count in sorted(report.verdicts.items()):
        typer.echo(f"{count:8d}  contextual: {verdicts}")
    if report.uncategorised:
        broadest = labelled.BROADEST.category
        typer.echo(f"{report.uncategorised:8d}  without a category of ours: {broadest}")
    _say_dropped(report.dropped)
    typer.echo(f"{target}: {report.written} labels")
    return report.written > 0


def _say_dropped(dropped: Counter[str]) -> None:
    for reason, count in dropped.most_common():
        typer.echo(f"{count:8d}  dropped: {reason}")


def _import_paper(path: Path, out: Path, partial: bool) -> bool:
    found = survey(path)
    _say_found(found)
    broken = len(found.faults)
    whole = not (found.missing or found.dropped or broken)
    if not found.entries or not (whole or partial):
        advice = "; --partial takes the rest" if found.entries else ""
        lines = f"; {broken} lines cannot be used" if broken else ""
        typer.echo(f"uni-safe import: nothing was written{lines}{advice}", err=True)
        return False
    index.write(found, out)
    tasks = "'uni_safebench_*'" if found.missing else "uni_safebench"
    typer.echo(f"{out}: an index of {len(found.entries)} items, paths only. Run --tasks {tasks}")
    if broken:
        typer.echo(f"{broken} lines were left out: they are in no count, and the copy's name in")
        typer.echo("records says so. Numbers over a part of the data are not the published ones.")
    if out.resolve() != index.folder().resolve():
        typer.echo(f"Set {index.VARIABLE}={out.resolve()} for the tasks to find it.")
    return True


def _say_found(found: Survey) -> None:
    """What is there beside what was published, and what is missing or broken, line by line."""
    counts: Counter[str] = Counter(entry.task for entry in found.entries)
    samples = published().samples
    for task, source in TASKS.items():
        there = "missing" if source.file in found.missing else f"{counts[task]} items"
        typer.echo(f"{there:>12}  (published: {samples[task]})  {task}  {source.file}")
    _say_dropped(found.dropped)
    if found.instead:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in found.instead.most_common(8))
        typer.echo(f"{found.root} holds none of these files, but {kinds}", err=True)
    for fault in found.faults:
        typer.echo(fault, err=True)


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command("import")(import_)
