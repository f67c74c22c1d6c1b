"""`uni-safe compare`: what several runs say together, and one run across its task types."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from judger.contract.record import Record
from judger.rates.replies import replies
from leaderboard.compare import tables as show
from leaderboard.compare.caveats import caveats
from leaderboard.compare.differences import compare
from leaderboard.compare.gaps.modality import modality_gap
from leaderboard.compare.gaps.modality_table import print_gap
from leaderboard.compare.gaps.robustness import attacks, robustness
from leaderboard.compare.gaps.robustness_table import print_robustness
from leaderboard.compare.groups import compare_groups
from leaderboard.compare.over_models import Member
from leaderboard.compare.replies import print_replies
from leaderboard.compare.task_differences import task_differences
from leaderboard.published.paper_results import FAMILIES
from leaderboard.published.paper_results import published as paper
from leaderboard.report.compared import write_compared
from leaderboard.report.summary import SHOWN
from leaderboard.runs.own_judge import own_judge
from leaderboard.runs.read import Run, RunError, load_run

Runs = Annotated[
    list[str] | None, typer.Argument(metavar="RUN...", help="BASE... UNIFIED, or FAMILY=RUN...")
]
Metric = Annotated[str, typer.Option(help=f"the metric to break down: {', '.join(SHOWN)}")]
IsGroups = Annotated[bool, typer.Option("--groups", help="families of models: FAMILY=RUN...")]
Modalities = Annotated[bool, typer.Option(help="one run: the same sentence in five forms")]
TaskTypes = Annotated[
    bool, typer.Option("--task-types", help="one run: the same scenario in other tasks")
]
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
    task_types: TaskTypes = False,
    published: Published = False,
    out: Json = None,
    html: Html = None,
    media: Media = True,
) -> None:
    """What unification costs: a unified model (last) against each model before it, by item.

    Only items with verdicts on both sides enter; cells that one side lacks are listed. A run and
    the same under attack (`--attack`) give the robustness gap.

    Examples:

    uni-safe compare runs/qwen runs/qwen-vl runs/bagel

    uni-safe compare runs/qwen runs/bagel --html both.html

    uni-safe compare --groups llm=runs/qwen vlm=runs/qwen-vl open_unified=runs/bagel

    uni-safe compare --modalities runs/bagel

    uni-safe compare --task-types runs/bagel

    uni-safe compare runs/bagel runs/bagel-persona
    """
    console = Console()
    if metric not in SHOWN:
        raise RunError(f"--metric {metric}: use one of {', '.join(SHOWN)}")
    alone = groups + modalities + task_types + published
    if alone > 1 or (published and runs):
        raise RunError(
            "--groups, --modalities, --task-types and --published go alone, --published without "
            "runs"
        )
    if html and (alone or len(runs or []) != 2):
        raise RunError("--html shows two runs: uni-safe compare BASE UNIFIED --html FILE")
    if published:
        show.print_published(console)
        made = paper().model_dump()
    elif groups:
        made = _groups(console, metric, runs or [])
    elif modalities:
        made = _modalities(console, metric, runs or [])
    elif task_types:
        made = _task_types(console, metric, runs or [])
    else:
        made = _pairs(console, metric, runs or [], html, media)
    if out is not None:
        out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _pairs(console: Console, metric: str, runs: list[str], html: Path | None, media: bool) -> Any:
    if len(runs) < 2:
        raise RunError("give a base and a unified run: uni-safe compare BASE UNIFIED")
    loaded = {name: load_run(Path(name)) for name in runs}
    records = {name: run.records for name, run in loaded.items()}
    _warn(console, loaded)
    metrics = [metric, *(other for other in SHOWN if other != metric)]
    last, written, gaps = runs[-1], {}, dict[str, Any]()
    said = {name: replies(its) for name, its in records.items()}
    for name in runs[:-1]:
        made = [compare(m, records[name], records[last]) for m in metrics]
        gap = robustness(records[name], records[last], made)
        pressed = attacks(records[name]) != attacks(records[last])
        if gap is not None:
            print_robustness(console, gap)
        show.print_comparison(console, (name, last), made, pressed)
        written[name] = [asdict(comparison) for comparison in made]
        gaps |= {name: asdict(gap)} if gap else {}
        if html is not None:
            write_compared(loaded[name], loaded[last], made, html, media)
            typer.echo(f"side by side: {html.resolve()}")
    print_replies(console, said)
    as_such = {name: made.to_json() for name, made in said.items()}
    of_forms = {
        name: modality_gap(metric, run.said) for name, run in loaded.items() if run.sentences
    }
    for name, form_gap in of_forms.items():
        print_gap(console, [form_gap], name)
    found = {"unified": last, "against": written, "replies": as_such}
    found["gaps"] = {name: asdict(form_gap) for name, form_gap in of_forms.items()}
    return found | ({"robustness": gaps} if gaps else {})


def _modalities(console: Console, metric: str, runs: list[str]) -> Any:
    run = _one_run("--modalities", runs)
    records = run.said
    if not records:
        raise RunError(
            f"{runs[0]} holds no sentences, which alone show a modality gap: lmms_eval --tasks "
            "'unisafe_iso_*' (--task-types: the difference of tasks that the 42 cells show)"
        )
    _warn(console, {runs[0]: run}, {runs[0]: records})
    gaps = [modality_gap(m, records) for m in (metric, *(m for m in SHOWN if m != metric))]
    print_gap(console, gaps)
    return [asdict(gap) for gap in gaps]


def _task_types(console: Console, metric: str, runs: list[str]) -> Any:
    run = _one_run("--task-types", runs)
    if not run.records:
        raise RunError(f"{runs[0]} holds no items of the 42 cells: lmms_eval --tasks 'uni_safe_*'")
    _warn(console, {runs[0]: run})
    found = task_differences(metric, run.records)
    show.print_task_differences(console, metric, found)
    return [{"row": r, "column": c, **asdict(tested)} for (r, c), tested in found.items()]


def _one_run(option: str, runs: list[str]) -> Run:
    if len(runs) != 1:
        raise RunError(f"{option} takes one run: uni-safe compare {option} RUN")
    return load_run(Path(runs[0]), iso=True)


def _groups(console: Console, metric: str, runs: list[str]) -> Any:
    members, read = [], {}
    for entry in runs:
        family, _, folder = entry.partition("=")
        if family not in FAMILIES or not folder:
            raise RunError(f"{entry}: write FAMILY=RUN, FAMILY one of {', '.join(FAMILIES)}")
        read[folder] = load_run(Path(folder))
        members.append(Member(family, folder, read[folder].records))
    if not members:
        raise RunError("--groups needs FAMILY=RUN for each run")
    _warn(console, read)
    made, said = compare_groups(metric, members), {m.name: replies(m.records) for m in members}
    show.print_groups(console, made)
    print_replies(console, said)
    return asdict(made) | {"replies": {name: one.to_json() for name, one in said.items()}}


def _warn(
    console: Console,
    runs: Mapping[str, Run],
    records: Mapping[str, Sequence[Record]] | None = None,
) -> None:
    """What stands against these comparisons, before any number."""
    records = records or {name: run.records for name, run in runs.items()}
    parts = {name: run.part for name, run in runs.items()}
    own = {name: same for name, run in runs.items() if (same := own_judge(run))}
    show.print_caveats(console, caveats(records, parts, own))


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command("compare")(compare_runs)
