"""`uni-safe doctor` and `uni-safe recipes`: what is missing, what it costs, how models are run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.contract.protocol import HALF_TOLD
from judger.contract.settings import Settings, SettingsError, load
from leaderboard.preflight.check_run import check
from leaderboard.preflight.composed import CAN, capable_environment, composed
from leaderboard.preflight.doctor import Finding, recipe_findings, suite
from leaderboard.preflight.estimate import LATENCY, Estimate, estimate, half_and_whole, items
from uni_safe_tasks.harness import recipe as recipes

_MARKS = {"ok": "[green]ok[/]", "warn": "[yellow]note[/]", "fail": "[red]missing[/]"}
Name = Annotated[str, typer.Option("--recipe", help="a recipe's name, or a YAML file of yours")]


def doctor(
    runs: Annotated[
        list[Path] | None, typer.Argument(metavar="[RUN]...", help="check these runs instead")
    ] = None,
    recipe: Name = "",
    limit: Annotated[int | None, typer.Option(min=1, help="items a cell, as in --limit")] = None,
    latency: Annotated[
        float, typer.Option(min=0, max=86_400, help="seconds one judge question takes")
    ] = LATENCY,
    reply_chars: Annotated[int, typer.Option(min=1, help="characters of a usual reply")] = 1000,
) -> None:
    """Say what is missing on this machine and what a run would cost. Nothing is generated.

    With RUN, a finished run is checked: are its requests, replies, records, lines on disk and the n
    of its results file the same, cell by cell?

    uni-safe doctor --recipe janus --limit 20        uni-safe doctor runs/janus
    """
    console = Console()
    if runs:
        check_runs(runs, console)
        return
    chosen = recipes.load(recipe) if recipe else None
    if chosen is not None:
        recipes.prepared(["--config", recipe])  # its judge and capabilities are what is looked at
    back_ends = {phase.model for phase in chosen.phases} if chosen else set()
    found = [*suite(back_ends, chosen), *(recipe_findings(chosen) if chosen else ())]
    console.print(_table(found))
    if not any(finding.state == "fail" and finding.what == "data" for finding in found):
        _print_estimate(console, chosen, limit, latency, reply_chars)
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(1)


def check_runs(runs: list[Path], console: Console) -> None:
    """Print what a check of finished runs finds; exit status 1 where something does not agree."""
    try:
        found = [finding for run in runs for finding in check(run)]
    except (OSError, SettingsError) as error:
        typer.echo(f"uni-safe doctor: {error}", err=True)
        raise typer.Exit(2) from None
    console.print(_table(found))
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(1)


def _table(found: list[Finding]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in dict.fromkeys(found):
        cure = f"\n→ {finding.cure}" if finding.cure else ""
        # Escaped: `[run]` in a command to type is no markup.
        table.add_row(_MARKS[finding.state], finding.what, escape(f"{finding.seen}{cure}"))
    return table


def _print_estimate(
    console: Console, recipe: recipes.Recipe | None, limit: int | None, latency: float, chars: int
) -> None:
    try:
        settings = load()
    except SettingsError:
        settings = Settings()
    if limit is None:
        half, total = half_and_whole(recipe, settings, chars)
    else:
        half, total = None, estimate(items(recipe, limit), settings, chars)
    replies = sum(total.generated.values())
    console.print(f"\nA run: {replies:,} replies, {total.unsupported:,} items unsupported (free).")
    who = "The judge"
    if settings.backend == "rules" and not settings.ensemble:
        who = "The offline judge `rules` asks nobody. A judge model"
    console.print(f"{who}: {_judging(total, settings, latency)}.")
    if half is not None:
        replies, judging = sum(half.generated.values()), _judging(half, settings, latency)
        price = f"; price about {half.price(settings):.2f}" if half.price(settings) else ""
        console.print(f"The {HALF_TOLD}: {replies:,} replies; {judging}{price}.")
    if total.price(settings):
        console.print(f"Price: about {total.price(settings):.2f}.")
    else:
        console.print(
            "Price: set UNI_JUDGER_PRICE_INPUT and UNI_JUDGER_PRICE_OUTPUT (of 1e6 tokens)."
        )


def _judging(total: Estimate, settings: Settings, latency: float) -> str:
    minutes = total.seconds(settings, latency) / 60
    return (
        f"{total.calls:,} questions, about {total.input_tokens / 1e6:.1f} M tokens in "
        f"and {total.output_tokens / 1e6:.2f} M out; {minutes:.0f} min at {latency:g} s a question "
        f"and {settings.concurrency} at once"
    )


def list_recipes(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="print this recipe")] = "",
    pretrained: Annotated[str, typer.Option(help="other weights, in every phase")] = "",
    model: Annotated[str, typer.Option(help="the model's name at its server")] = "",
    base_url: Annotated[str, typer.Option(help="the server, up to /v1")] = "",
    can: Annotated[str, typer.Option(help=CAN)] = "",
    env: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, into its env")] = None,
    markdown: Annotated[bool, typer.Option(help="the table of docs/models.md")] = False,
) -> None:
    """List the recipes, or print one to change.

    Examples:

    uni-safe recipes bagel --pretrained /models/BAGEL --env UNI_JUDGER_MODEL=gpt-4.1-mini > my.yaml

    uni-safe recipes server --model my-model --base-url http://127.0.0.1:8000/v1 > my.yaml
    """
    if name:
        named = {"pretrained": pretrained, "model": model, "base_url": base_url}
        made = composed(recipes.path_of(name), named, capable_environment(can, env or []))
        typer.echo(made, nl=False)
        return
    if markdown:
        typer.echo("\n".join(rows_in_markdown()))
        return
    console = Console()
    table = Table("recipe", "model", "back end", "phases", "cells", box=None)
    for each, entry in recipes.catalogue().items():
        loaded = recipes.load(each)
        cells = f"{6 * len(loaded.task_types)} of 42"
        phases = str(len(loaded.phases))
        table.add_row(each, entry.name, loaded.phases[0].model, phases, cells)
    console.print(table)
    console.print("lmms_eval --config NAME --output_path runs/NAME")


def rows_in_markdown() -> Iterator[str]:
    """One row a recipe: model, back end, phases, cells, command, and what was really run."""
    yield "| model | back end | phases | cells | command | run here |"
    yield "|---|---|---|---|---|---|"
    for name, entry in recipes.catalogue().items():
        loaded = recipes.load(name)
        modes = [str(phase.arguments.get("mode", "")) for phase in loaded.phases]
        phases = " + ".join(modes) if len(modes) > 1 else "one"
        cells = f"{6 * len(loaded.task_types)}: {', '.join(loaded.task_types)}"
        tried = f"yes, {entry.stand_in} (`{entry.tried}`)" if entry.tried else "no, signature only"
        command = f"`lmms_eval --config {name}`"
        back_end = f"`{loaded.phases[0].model}`"
        yield f"| {' | '.join((entry.name, back_end, phases, cells, command, tried))} |"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(doctor)
    app.command("recipes")(list_recipes)
