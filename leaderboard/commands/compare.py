"""`uni-safe compare`: what several runs say together, and one run across its task types."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from leaderboard.compare import tables as show
from leaderboard.compare.differences import caveats, compare, modality_gap
from leaderboard.compare.groups import compare_groups
from leaderboard.compare.over_models import Member
from leaderboard.published.results import FAMILIES
from leaderboard.published.results import published as paper
from leaderboard.report.compared import write_compared
from leaderboard.report.summary import SHOWN
from leaderboard.runs.read import RunError, load_run

Runs = Annotated[
    list[str] | None, typer.Argument(metavar="RUN...", help="BASE... UNIFIED, or FAMILY=RUN...")
]
Metric = Annotated[str, typer.Option(help=f"the metric to break down: {', '.join(SHOWN)}")]
IsGroups = Annotated[bool, typer.Option("--groups", help="families of models: FAMILY=RUN...")]
Modalities = Annotated[bool, typer.Option(help="one run: the same scenario across task types")]
Published = Annotated[bool, typer.Option(help="the published rows of the paper")]
Html = Annotated[
    Path | None, typer.Option(help="two runs side by side, items in pairs, in this HTML file")
]
Media = Annotated[
    bool, typer.Option("--media/--no-media", help="with --html: small blurred pictures")
]
Json = Annotated[Path | None, typer.Option("--json", help="write the numbers to this file, too")]


def compare_runs(
    runs: Runs = None,
    metric: Metric = "both_safe",
    groups: IsGroups = False,
    modalities: Modalities = False,
    published: Published = False,
    out: Json = None,
    html: Html = None,
    media: Media = True,
) -> None:
    """What unification costs: a unified model (last) against each model before it, by item.

    Only items with verdicts on both sides enter; cells that one side lacks are listed.

    Examples:

    uni-safe compare runs/qwen runs/qwen-vl runs/bagel

    uni-safe compare runs/qwen runs/bagel --html both.html

    uni-safe compare --groups llm=runs/qwen vlm=runs/qwen-vl open_unified=runs/bagel

    uni-safe compare --modalities runs/bagel
    """
    console = Console()
    if metric not in SHOWN:
        raise RunError(f"--metric {metric}: use one of {', '.join(SHOWN)}")
    if groups + modalities + published > 1 or (published and runs):
        raise RunError("--groups, --modalities and --published go alone, --published without runs")
    if html and (groups or modalities or published or len(runs or []) != 2):
        raise RunError("--html shows two runs: uni-safe compare BASE UNIFIED --html FILE")
    if published:
        show.print_published(console)
        made = paper().model_dump()
    elif groups:
        made = _groups(console, metric, runs or [])
    elif modalities:
        made = _modalities(console, metric, runs or [])
    else:
        made = _pairs(console, metric, runs or [], html, media)
    if out is not None:
        out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _pairs(console: Console, metric: str, runs: list[str], html: Path | None, media: bool) -> Any:
    if len(runs) < 2:
        raise RunError("give a base and a unified run: uni-safe compare BASE UNIFIED")
    loaded = {name: load_run(Path(name)) for name in runs}
    records = {name: run.records for name, run in loaded.items()}
    show.print_caveats(console, caveats(records))
    metrics = [metric, *(other for other in SHOWN if other != metric)]
    last, written = runs[-1], {}
    for name in runs[:-1]:
        made = [compare(m, records[name], records[last]) for m in metrics]
        show.print_comparison(console, (name, last), made)
        written[name] = [asdict(comparison) for comparison in made]
        if html is not None:
            write_compared(loaded[name], loaded[last], made, html, media)
            typer.echo(f"side by side: {html.resolve()}")
    return {"unified": last, "against": written}


def _modalities(console: Console, metric: str, runs: list[str]) -> Any:
    if len(runs) != 1:
        raise RunError("--modalities takes one run: uni-safe compare --modalities RUN")
    records = load_run(Path(runs[0])).records
    show.print_caveats(console, caveats({runs[0]: records}))
    gap = modality_gap(metric, records)
    show.print_gap(console, metric, gap)
    return [{"row": r, "column": c, **asdict(tested)} for (r, c), tested in gap.items()]


def _groups(console: Console, metric: str, runs: list[str]) -> Any:
    members = []
    for entry in runs:
        family, _, folder = entry.partition("=")
        if family not in FAMILIES or not folder:
            raise RunError(f"{entry}: write FAMILY=RUN, FAMILY one of {', '.join(FAMILIES)}")
        records = load_run(Path(folder)).records
        members.append(Member(family, folder, records))
    if not members:
        raise RunError("--groups needs FAMILY=RUN for each run")
    show.print_caveats(console, caveats({m.name: m.records for m in members}))
    made = compare_groups(metric, members)
    show.print_groups(console, made)
    return asdict(made)


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command("compare")(compare_runs)
