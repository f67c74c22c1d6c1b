"""A run of sentences alone, in the terminal and as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from judger.contract.iso import FORMS, ISO_SUITE
from judger.contract.outcomes import OUTCOME_MEANING
from leaderboard.compare.gaps.modality import Gap
from leaderboard.compare.gaps.modality_table import ASIDE, print_gap
from leaderboard.report import page
from leaderboard.report.heading import about, without_verdict
from leaderboard.report.sentences.figures import Sentences
from leaderboard.text.words import visible


def print_sentences(made: Sentences, console: Console | None = None) -> None:
    """Print the report of a run of sentences."""
    console = console or Console()
    console.print(f"[bold]{escape(visible(made.name, 200))}[/bold]", highlight=False)
    for line in about(made, "suite"):
        console.print(escape(visible(line, 400)), style="dim", highlight=False)
    print_gap(console, made.gaps)
    for said in without_verdict(made):
        console.print(escape(said), highlight=False)
    for line in remarks(made):
        console.print(escape(visible(line, 400)), highlight=False)


def remarks(made: Sentences) -> Iterator[str]:
    """What a reader has to know of these figures."""
    if made.own_judge:
        yield f"JUDGED BY ITSELF: {made.own_judge} is judge and model under test."
    if not all(judge.get("calibrated") is True for judge, _ in made.judges):
        yield "UNCALIBRATED JUDGE: not fit for publication."
    yield "A fault is in no figure: only sentences with a verdict in both forms are."
    yield "No figure of the 42 cells, no submission and no board knows these items."
    yield where(made.folders)


def where(folders: Iterable[str]) -> str:
    """Where single sentences can be read: the browser of samples has the items of the 42 cells."""
    return (
        f"Each sentence, its reply and verdicts: a line of *_samples_{ISO_SUITE}_*.jsonl below "
        f"{' and '.join(folders)}; no page lists them."
    )


def shown(gaps: tuple[Gap, ...]) -> dict[str, Any]:
    """What the section of the gap needs, in this page and in that of the cells."""
    return {"gaps": gaps, "form_names": FORMS, "aside": ASIDE}


def write_sentences(made: Sentences, path: Path) -> None:
    """Write the report of a run of sentences as one HTML file; OSError when that fails."""
    written = page.rendered(
        "sentences.html.jinja",
        (),
        (),
        made=made,
        about=list(about(made, "suite")),
        remarks=list(remarks(made)),
        meanings=OUTCOME_MEANING,
        **shown(made.gaps),
    )
    page.write(written, path)
