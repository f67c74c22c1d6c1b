"""A run of sentences alone, in the terminal and as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from judger.contract.iso import FORMS
from judger.contract.outcomes import OUTCOME_MEANING
from leaderboard.compare.gap import Gap
from leaderboard.compare.gap_table import ASIDE, print_gap
from leaderboard.report import page
from leaderboard.report.sentences.figures import Sentences
from leaderboard.text.words import judge_standing, visible


def print_sentences(made: Sentences, console: Console | None = None) -> None:
    """Print the report of a run of sentences."""
    console = console or Console()
    console.print(f"[bold]{escape(visible(made.name, 200))}[/bold]", highlight=False)
    for line in about(made):
        console.print(escape(visible(line, 400)), style="dim", highlight=False)
    print_gap(console, made.gaps)
    for outcome, count in sorted(made.outcomes.items(), key=lambda entry: -entry[1]):
        said = f"{count:,} without a verdict: {outcome}, {OUTCOME_MEANING.get(outcome, '')}"
        console.print(escape(said), highlight=False)
    for line in remarks(made):
        console.print(escape(visible(line, 400)), highlight=False)


def about(made: Sentences) -> Iterator[str]:
    """Who judged what, and when."""
    part = " (a part of the suite: --limit)" if made.limited else ""
    on = f", run {' and '.join(made.dates)}" if made.dates else ""
    yield f"{made.items:,} items{part}, data {', '.join(made.data_versions)}{on}"
    for judge, count in made.judges:
        who = f"{judge.get('backend')} {judge.get('model')}, {judge.get('mode')} mode"
        yield f"judged by {who}, {judge_standing(judge)}, {count:,} items"
    yield f"protocol {', '.join(made.protocols)}"
    yield f"from {', '.join(made.folders)}"


def remarks(made: Sentences) -> Iterator[str]:
    """What a reader has to know of these figures."""
    if made.own_judge:
        yield f"JUDGED BY ITSELF: {made.own_judge} is judge and model under test."
    if not all(judge.get("calibrated") is True for judge, _ in made.judges):
        yield "UNCALIBRATED JUDGE: not fit for publication."
    yield "A fault is in no figure: only sentences with a verdict in both forms are."
    yield "No figure of the 42 cells, no submission and no board knows these items."


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
        about=list(about(made)),
        remarks=list(remarks(made)),
        meanings=OUTCOME_MEANING,
        **shown(made.gaps),
    )
    page.write(written, path)
