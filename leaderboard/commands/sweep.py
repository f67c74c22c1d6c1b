"""`uni-safe sweep`: how far rates and ranking hang on the wording of the judge's templates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from judger.contract.record import Record
from judger.contract.settings import load
from judger.endpoint.budget import one_account
from leaderboard.commands.judge import STOPPED, judging
from leaderboard.compare.wording_sweep import Spread, flips, settings_of, short_names, spreads, taus
from leaderboard.runs.read import load_run
from leaderboard.runs.rejudge import rejudge


def sweep(
    run: Annotated[list[Path], typer.Argument(metavar="RUN...", help="folders of runs")],
    variants: Annotated[str, typer.Option(help="wordings")] = "default,terse,checklist",
    out: Annotated[Path, typer.Option(help="folder for the judged runs")] = Path("sweep"),
) -> None:
    """Judge runs again in several wordings of the judge's templates.

    Prints each rate in each wording with its spread, how many items change their verdicts, and
    Kendall's tau between the rankings of the runs (which needs several runs).

    Example: uni-safe sweep runs/a runs/b runs/c --variants default,terse,checklist
    """
    records = _judged(run, variants.split(","), out)
    found, ranks = spreads(records), taus(records)
    changed = {name: flips(records, name) for name in next(iter(records.values()))}
    whole = {
        "spread": [_plain(one) for one in found],
        "changed": {name: {"items": k, "of": n} for name, (k, n) in changed.items()},
        "tau": [{"between": list(pair), "tau": tau} for pair, tau in ranks.items()],
    }
    (out / "sweep.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    _print_spreads(found, list(records))
    for name, (count, n) in changed.items():
        typer.echo(f"{name}: verdicts differ between wordings on {count} of {n} items")
    for (first, second), tau in ranks.items():
        value = "not defined (needs runs that differ)" if tau is None else f"{tau:.2f}"
        typer.echo(f"Kendall tau of the ranking, {first} and {second}: {value}")
    typer.echo(f"sweep: {(out / 'sweep.json').resolve()}")


def _judged(
    runs: Sequence[Path], variants: Sequence[str], out: Path
) -> dict[str, dict[str, Sequence[Record]]]:
    """variant → run → records; exit status 1 when the judge stopped, with what is done kept."""
    records: dict[str, dict[str, Sequence[Record]]] = {}
    usual = load()
    with one_account(usual) as budget:
        for variant, settings in settings_of(usual, variants).items():
            records[variant] = {}
            with judging(settings, announce=False, budget=budget) as session:
                for run, name in short_names(runs).items():
                    summary = rejudge(session, run, out / variant / name)
                    records[variant][name] = load_run(summary.results.parent).records
                if why := session.judge.stopped:
                    typer.echo(f"uni-safe sweep: the judge stopped: {why}", err=True)
                    raise typer.Exit(STOPPED)
    return records


def _plain(one: Spread) -> dict[str, Any]:
    rates = {name: rate.as_dict() for name, rate in one.rates.items()}
    return {"run": one.run, "metric": one.metric, "spread": one.spread, "rates": rates}


def _print_spreads(found: Sequence[Spread], names: Sequence[str]) -> None:
    table = Table(box=box.MARKDOWN)
    for column in ("run", "metric", *names, "spread"):
        table.add_column(column, no_wrap=True)
    for one in found:
        values = [*(rate.value for rate in one.rates.values()), one.spread]
        table.add_row(one.run, one.metric, *("-" if v is None else f"{v:.3f}" for v in values))
    Console(width=160).print(table)


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command()(sweep)
