"""`uni-safe report`: a run as a table in the terminal and as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from leaderboard.compare.gaps.modality_table import print_gap
from leaderboard.report.html import write_html
from leaderboard.report.paper.figures import figures
from leaderboard.report.paper.show import print_paper, write_paper
from leaderboard.report.sentences.figures import figures as sentences
from leaderboard.report.sentences.figures import gaps_of
from leaderboard.report.sentences.show import print_sentences, where, write_sentences
from leaderboard.report.summary import summarise
from leaderboard.report.terminal import print_report
from leaderboard.runs.read import load_run
from leaderboard.runs.run_calibration import calibration_of

Folders = Annotated[
    list[Path], typer.Argument(metavar="RUN...", help="--output_path of the run, or of its phases")
]
Html = Annotated[Path | None, typer.Option(help="the file to write [RUN/report.html]")]
Measured = Annotated[
    Path | None,
    typer.Option("--calibration", help="correct for the judge's errors [UNI_JUDGER_CALIBRATION]"),
]
Media = Annotated[bool, typer.Option("--media/--no-media", help="embed small blurred pictures")]
Table = Annotated[bool, typer.Option("--table/--no-table", help="print the tables, too")]
Everything = Annotated[bool, typer.Option("--all", help="print every number, not a screenful")]


def report(
    run: Folders,
    html: Html = None,
    table: Table = True,
    everything: Everything = False,
    media: Media = True,
    calibration: Measured = None,
) -> None:
    """Show a run: a screenful here, and one HTML file that opens from disk.

    Several folders are the phases of one run (say, texts in one, pictures in another). A run of the
    paper's own tasks (uni_safebench_*) is shown by its four rates, with totals over items. One of
    sentences (unisafe_iso_*) shows the modality gap, beside the cells where both were run.

    Example: uni-safe report logs/ --html report.html
    """
    loaded = load_run(run, paper=True, iso=True)
    path = html or (run[0] if run[0].is_dir() else run[0].parent) / "report.html"
    for note in loaded.notes:
        typer.echo(f"uni-safe report: {note}", err=True)
    if loaded.paper:
        found = figures(loaded)
        write_paper(found, path)
        if table:
            print_paper(found)
        typer.echo(f"report: {path.resolve()}")
        return
    if not loaded.samples:
        made = sentences(loaded)
        write_sentences(made, path)
        if table:
            print_sentences(made)
        typer.echo(f"report: {path.resolve()}")
        return
    measured = calibration_of(loaded, calibration)
    summary = summarise(loaded, measured)
    write_html(loaded, path, measured, media, summary)
    if table:
        print_report(loaded, measured, everything=everything, summary=summary)
        if gaps := gaps_of(loaded):
            print_gap(Console(), gaps if everything else gaps[:2])
            typer.echo(where(map(str, loaded.folders)))
    typer.echo(f"report: {path.resolve()}")


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command()(report)
