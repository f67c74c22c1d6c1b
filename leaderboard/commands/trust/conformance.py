"""`uni-safe conformance`: known faults of models, judges and files; none may be a verdict."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from leaderboard.conformance import storm as storms
from leaderboard.conformance.ours import adapter
from leaderboard.conformance.rows import Row, RowError, rows
from leaderboard.conformance.run import Result, fitting, run, summary
from leaderboard.conformance.scorer import load

WIDTH = 132
#: Something is not as it has to be.
DIFFERS = 1


def conformance(
    only: Annotated[
        list[str] | None, typer.Option(help="rows of this name, or side; may be repeated")
    ] = None,
    scorer: Annotated[
        str, typer.Option(help="another scorer: MODULE:FUNCTION (docs/conformance.md)")
    ] = "",
    storm: Annotated[
        int, typer.Option(min=0, help="so many replies in one run instead, a third of them faults")
    ] = 0,
    seed: Annotated[int, typer.Option(help="of the storm")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object, no table")] = False,
) -> None:
    """Put known faults through a scorer; none may become a verdict.

    Replies as back ends give them when they fail, a judge at a local server that errs as real ones
    do, and broken files go the way that `uni-safe score` goes; sound replies among them have to be
    scored. No model, no network. Exit status 1 where anything is not as it has to be.

    Example: uni-safe conformance --only judge-wrong-ticket --only media
    """
    if storm:
        if scorer or only:
            raise RowError("--storm runs all rows through the scorer of this suite")
        print_storm(storms.storm(storm, seed), seed, as_json)
        return
    named = load(scorer) if scorer else adapter()
    chosen = fitting(choose(only or ()), named, ours=not scorer)
    results: list[Result] = []
    for result in run(chosen, named, ours=not scorer):
        results.append(result)
        if sys.stderr.isatty():
            typer.echo(f"\r{len(results)} of {len(chosen)} ", nl=False, err=True)
    if as_json:
        found = [result.to_json() for result in results]
        typer.echo(json.dumps({"rows": found, **summary(results)}, indent=1))
    else:
        print_results(results, Console(width=WIDTH))
    if any(result.why for result in results):
        raise typer.Exit(DIFFERS)


def choose(named: Sequence[str]) -> list[Row]:
    """The rows of these names or sides, all without any; RowError where there is none of a name."""
    found = rows()
    for name in named:
        if not any(name in (row.name, row.side) for row in found):
            raise RowError(f"--only {name!r} is neither a row nor a side of docs/conformance.md")
    return [row for row in found if not named or {row.name, row.side} & set(named)]


def print_results(results: Sequence[Result], console: Console) -> None:
    """A Markdown table, the counts, and last of all the one number that has to be 0."""
    table = Table(box=box.MARKDOWN)
    for column in ("side", "fault", "expected", "got", ""):
        table.add_column(column, no_wrap=column != "")
    for result in results:
        row, mark = result.row, f"DIFFERS: {result.why}" if result.why else "ok"
        table.add_row(row.side, row.name, row.expected, result.got.said, mark)
    console.print(table)
    counts = summary(results)
    console.print(
        f"{counts['faults']} faults, {counts['controls']} sound controls, "
        f"{counts['differ']} not as expected"
    )
    console.print(f"verdicts from faults: {counts['verdicts_from_faults']}")


def print_storm(found: storms.Outcome, seed: int, as_json: bool) -> None:
    """What came of a storm; exit status 1 unless everything is as it has to be."""
    counts = {
        "replies": len(found.drawn),
        "faults": found.faults,
        "kinds": found.kinds,
        "seed": seed,
        "wrong_labels": len(found.wrong),
        "sound_without_verdict": len(found.lost),
        "given_up_after_a_slip": len(found.slipped),
        "without_reason": len(found.unexplained),
        "outcomes": dict(found.outcomes.most_common()),
        "verdicts_from_faults": len(found.verdicts_from_faults),
    }
    if as_json:
        typer.echo(json.dumps(counts, indent=1))
    else:
        for one in (*found.wrong, *found.lost, *found.unexplained, *found.verdicts_from_faults):
            typer.echo(f"DIFFERS: {one}")
        for name, count in counts.items():
            typer.echo(f"{name.replace('_', ' ')}: {count}")
    if not found.passed:
        raise typer.Exit(DIFFERS)


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command()(conformance)
