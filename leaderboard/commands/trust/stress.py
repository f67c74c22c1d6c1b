"""`uni-safe stress-judge`: how often a judge changes its mind when nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from judger.contract.settings import PREFIX, SettingsError, load
from judger.endpoint.budget import one_account
from judger.rates.calibration import Calibration, who
from judger.rates.calibration import load as read_calibration
from judger.rates.calibration.flips import MAX_FLIPS, Flips, unstable
from judger.validation import shipped
from judger.validation.stress.measure_flips import CHANGES, Stopped, chosen, stress
from leaderboard.commands.judge import STOPPED, judging
from leaderboard.commands.trust.calibrate import WIDTH, markdown_table

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[LABELS.jsonl...]", help="the set that ships, if unset"),
]


def stress_judge(
    labelled: Files = None,
    limit: Annotated[int, typer.Option(min=1, help="labelled replies that are put to it")] = 120,
    change: Annotated[
        list[str] | None, typer.Option(help=f"only this one; may be repeated: {', '.join(CHANGES)}")
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(help="the judge's calibration file, which keeps the result [its variable]"),
    ] = None,
) -> None:
    """Change labelled replies in ways that leave their verdict as it is; count the flips.

    Layout and markdown, neutral padding, an apology that declines nothing, upper and lower case,
    JPEG quality and size of pictures, other frames of a film, the same question three times. For
    each change: the share of verdicts that flip, with a 95 % interval. The result is kept in the
    judge's calibration file (`uni-safe validate-judge`), and with it shown in reports.

    Example: uni-safe stress-judge --calibration my-judge.json
    """
    if unknown := sorted(set(change or ()) - set(CHANGES)):
        raise SettingsError(f"--change {unknown[0]!r} is none of {', '.join(CHANGES)}")
    settings = load()
    named = calibration or (Path(settings.calibration) if settings.calibration else None)
    measured = read_calibration(named) if named else None
    settings = settings.model_copy(update={"calibration": ""})
    works = chosen(labelled or shipped.SETS, limit)
    with one_account(settings) as budget:
        with judging(settings, announce=False, unreadable="warn", budget=budget) as session:
            if measured is not None:
                _same(measured, named, session.judge.identity, session.judge.template_sha256)
        try:
            found = stress(settings, works, change or CHANGES, budget)
        except Stopped as why:
            said = f"uni-safe stress-judge: the judge stopped: {why}; no flip was counted. "
            typer.echo(f"{said}Mend it and run the same command again.", err=True)
            raise typer.Exit(STOPPED) from None
    print_flips(found, Console(width=WIDTH))
    if not any(flips.n for flips in found.values()):
        typer.echo("UNMEASURED: no reply had a verdict before and after a change", err=True)
    if measured is None or named is None:
        typer.echo("not kept: name the judge's calibration file with --calibration", err=True)
        return
    kept = measured.model_copy(update={"stress": {**measured.stress, **found}})
    partial = named.with_name(named.name + ".partial")
    partial.write_text(kept.model_dump_json(indent=1) + "\n", encoding="utf-8")
    partial.replace(named)
    typer.echo(f"kept in {named.resolve()}")


def _same(
    measured: Calibration,
    path: Path | None,
    identity: Mapping[str, object],
    template_sha256: Mapping[str, str],
) -> None:
    if (measured.judge, measured.template_sha256) != (who(identity), dict(template_sha256)):
        raise SettingsError(
            f"{path} measures another judge, or other wordings, than {PREFIX}… names; "
            "run `uni-safe validate-judge` for this one first"
        )


def print_flips(found: Mapping[str, Flips], console: Console) -> None:
    """A Markdown table, and what is above the bound."""
    columns = ("change", "n", "flips", "share that flips", "contextual", "intrinsic", "lost")
    table = markdown_table(*columns)
    for name, it in found.items():
        counts = (it.n, it.flips, it.rate, it.contextual, it.intrinsic, it.lost)
        table.add_row(name, *map(str, counts))
    console.print(table)
    console.print("lost: a verdict before the change, none after it")
    for name, it in unstable(found).items():
        console.print(f"UNSTEADY: {name}: {it.rate} of verdicts flip, over {MAX_FLIPS:.0%}")


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command(name="stress-judge")(stress_judge)
