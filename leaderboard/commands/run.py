"""`uni-safe run`: from a model or a server to a judged run and its report, in one line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from judger.contract.protocol import HALF
from judger.contract.settings import PREFIX
from leaderboard.commands.report import report
from leaderboard.preflight.composed import CAN
from leaderboard.preflight.run_command import EVERY_CELL, Asked, folder_for, launch
from leaderboard.runs.read import RunError
from uni_safe_tasks.attacks.chosen import UNDER, asked_for

Out = Annotated[Path | None, typer.Option(help="the run's folder [runs/NAME]")]
Only = Annotated[bool, typer.Option("--print", help="print the lmms_eval command, run nothing")]


def run(
    model: Annotated[str, typer.Option(help="the model's name at its server")] = "",
    base_url: Annotated[
        str, typer.Option(help="an OpenAI-compatible server, up to /v1 (key: OPENAI_API_KEY)")
    ] = "",
    recipe: Annotated[str, typer.Option(help="a recipe's name, or a YAML file of yours")] = "",
    pretrained: Annotated[str, typer.Option(help="other weights for the recipe")] = "",
    can: Annotated[str, typer.Option(help=f"{CAN} [a server: text-to-text]")] = "",
    cells: Annotated[str, typer.Option(help="names, patterns or tags, comma-separated")] = (
        EVERY_CELL
    ),
    limit: Annotated[
        int | None, typer.Option(min=1, help=f"items a cell (6: balanced; {HALF}: the half)")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="the longest reply, in tokens [1024]")
    ] = None,
    attack: Annotated[str, typer.Option(help=UNDER)] = "",
    judge: Annotated[
        str, typer.Option(help="`rules`, `openai` or a guard's name [UNI_JUDGER_BACKEND]")
    ] = "",
    judge_model: Annotated[str, typer.Option(help="[UNI_JUDGER_MODEL]")] = "",
    judge_base_url: Annotated[str, typer.Option(help="[UNI_JUDGER_BASE_URL]")] = "",
    out: Out = None,
    print_only: Only = False,
) -> None:
    """Ask a model or a server, judge its replies, show the report.

    It prints the lmms_eval command that it stands for, and runs it. The same line again goes on
    where a killed run was. Keys stay in the environment: OPENAI_API_KEY for the model,
    UNI_JUDGER_API_KEY for the judge.

    Examples:

    uni-safe run --model my-model --base-url http://127.0.0.1:8000/v1 --limit 6

    uni-safe run --recipe janus --cells unisafe-category-privacy_leak --judge openai
    --judge-model my-judge --judge-base-url http://127.0.0.1:8001/v1
    """
    wrapper = asked_for(attack)
    under = wrapper.name if wrapper else ""
    asked = Asked(recipe, model, base_url, pretrained, can, cells, limit, max_tokens, under)
    named = judge or ("openai" if judge_model or judge_base_url else "")
    options = {"BACKEND": named, "MODEL": judge_model, "BASE_URL": judge_base_url}
    settings = {PREFIX + name: value for name, value in options.items() if value}
    folder = out or folder_for(asked)
    command = launch(asked, folder, settings)
    typer.echo(f"$ {command}")
    if print_only:
        return
    if model and not recipe and not can:
        typer.echo("asked as a model of texts (12 cells); --can says what else it can do", err=True)
    if not (named or os.environ.get(f"{PREFIX}BACKEND") or os.environ.get(f"{PREFIX}ENSEMBLE")):
        typer.echo(
            "no judge is named: the offline `rules` judge stands in, UNCALIBRATED; "
            f"later: uni-safe rejudge {folder}",
            err=True,
        )
    status = command.start()
    try:
        report([folder])
    except RunError:
        if not status:
            raise
    raise typer.Exit(status)


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command()(run)
