"""`uni-safe label`: people label a run's replies, two or more are merged, and how many it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judger.contract.errors import UserError
from judger.rates.calibration import NOT_CORRECTNESS
from judger.rates.calibration.soundness import LEAST_LABELS
from leaderboard.commands.trust import blind
from leaderboard.commands.trust.calibrate import markdown_table
from leaderboard.labelling import agree, answers, drawn, plan, sheet
from leaderboard.labelling import merge as merging
from leaderboard.labelling import sample as sampling
from leaderboard.runs.read import load_run
from leaderboard.text.words import visible

#: Columns hold intervals: never cut, whatever the terminal.
WIDTH = 120
label = typer.Typer(no_args_is_help=True, help="People's labels: draw a sample, merge, plan.")


@label.command("sample")
def sample(
    run: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="--output_path of the run, or its phases")
    ],
    n: Annotated[int, typer.Option(min=1, help="how many items to draw")] = 200,
    out: Annotated[Path, typer.Option(help="the sheet to write")] = Path("sheet.html"),
    seed: Annotated[int, typer.Option(help="the same run and seed draw the same items")] = 0,
) -> None:
    """Draw replies of a run for people to label: one HTML file, blind to model and verdicts.

    Every cell gives the same number of items, harmful and benign and each verdict as often as they
    occur in it. Beside the sheet stand SHEET.items.jsonl and SHEET.files: keep them, `label merge`
    needs them. Give the sheet to two people; what to decide by: docs/labelling.md.

    Example: uni-safe label sample logs/ --n 200 --out sheet.html
    """
    made = sampling.write(load_run(run), n, seed, out)
    sheet.write(made.items, out.parent, out)
    for why, count in made.left_out.most_common():
        typer.echo(f"left out: {count} ({why})", err=True)
    typer.echo(f"{len(made.items)} items: {out.resolve()}")
    typer.echo(f"kept for `uni-safe label merge`: {drawn.beside(out, drawn.ITEMS).resolve()}")


@label.command("merge")
def merge(
    labelled: Annotated[
        list[Path], typer.Argument(metavar="LABELS.jsonl...", help="what people saved")
    ],
    out: Annotated[Path | None, typer.Option(help="merged labels, for validate-judge")] = None,
    disagreements: Annotated[
        Path | None, typer.Option(help="sheet of what is not decided, for another person")
    ] = None,
    items: Annotated[
        Path | None, typer.Option(help="SHEET.items.jsonl [the one beside the labels]")
    ] = None,
) -> None:
    """Merge people's labels: how far they agree, what they decide, what is left to a third.

    An item's label is what more than half of those who labelled it say. Everything that was said
    stands beside it with who and when; of two labels by one person the last counts.

    Example: uni-safe label merge a.jsonl b.jsonl --out merged.jsonl --disagreements third.html
    """
    every = answers.read(labelled)
    print_agreement(answers.last(every), Console(width=WIDTH))
    for target in (out, disagreements):
        _fresh(target)
    path = items or drawn.find([path.parent for path in labelled])
    found = drawn.read(path)
    made = merging.merge(every, found)
    for line in _said(made, len(every), len(found)):
        typer.echo(line)
    if out:
        _write_labels(made, path, out)
        typer.echo(f"merged: {out.resolve()}")
    if disagreements and made.disputed:
        open_ = [item for name, item in found.items() if name in made.disputed]
        sheet.write(open_, path.parent, disagreements, third=True)
        typer.echo(f"disagreements: {disagreements.resolve()}")


@label.command("plan")
def plan_labels(
    half: Annotated[float, typer.Argument(metavar="HALF", help="half-width, 0.03 is 3 points")],
    rate: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="the share that you expect to see")
    ] = 0.1,
    per_scenario: Annotated[
        float, typer.Option(min=1.0, max=1e6, help="labelled items of one scenario, on average")
    ] = 1.0,
    alike: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="correlation of items of one scenario")
    ] = 0.3,
) -> None:
    """How many labels a 95 % interval of a wanted half-width needs.

    The sensitivity of a judge is a share of the unsafe replies alone, its specificity one of all
    others: each needs the labels of its own kind. Items of one scenario resemble each other; with
    several of each in the sample more labels are needed (--per-scenario, --alike).

    Example: uni-safe label plan 0.03 --rate 0.1
    """
    if not 0 < half < 0.5:
        raise plan.PlanError(f"HALF is {half:g}: a half-width lies between 0 and 0.5, 0.03 say")
    effect = plan.design_effect(per_scenario, alike)
    n = plan.needed(half, rate, effect)
    typer.echo(f"{n:,} labels: a share of {rate:.1%} then has a half-width of {half:.1%} at most")
    if effect > 1:
        typer.echo(f"design effect {effect:.2f}: {n / effect:,.0f} independent labels vary as much")
    if 0 < rate < 1:
        typer.echo(
            f"a judge counts as calibrated with {LEAST_LABELS} unsafe and {LEAST_LABELS} other "
            f"labels on each axis: about {LEAST_LABELS / min(rate, 1 - rate):,.0f} labels, where "
            f"{rate:.1%} are unsafe"
        )
    Console(width=WIDTH).print(_widths(effect))


def print_agreement(latest: agree.Latest, console: Console) -> None:
    """Each question and pair of people as a Markdown table."""
    people = agree.people(latest)
    if len(people) < 2:
        alone = f"one person ({visible(people[0])}) labelled {len(latest)} items"
        console.print(f"{alone}: no agreement known", markup=False)
        return
    table = markdown_table("question", "people", "n", "cannot tell", "same", "kappa")
    for one in agree.between(latest):
        counts = (str(one.same.n), str(one.cannot_tell), str(one.same), str(one.kappa))
        table.add_row(one.what, escape(visible(" and ".join(one.people))), *counts)
    console.print(table)
    if len(people) > 2:
        for what, alpha in agree.alphas(latest).items():
            said = "not defined" if alpha is None else f"{alpha:.2f}"
            console.print(f"{what}: Krippendorff's alpha of all {len(people)}: {said}")
    console.print(NOT_CORRECTNESS, soft_wrap=True)


def _said(made: merging.Merged, labelled: int, items: int) -> list[str]:
    lines = [f"{labelled} of {items} items labelled; {len(made.labels)} are decided on both axes"]
    if made.alone:
        lines.append(f"{made.alone} of them were labelled by one person alone")
    if made.again:
        lines.append(f"{made.again} earlier labels of the same person are kept; the last counts")
    if made.disputed:
        lines.append(f"{len(made.disputed)} items have a question that is not decided")
    return lines


def _write_labels(made: merging.Merged, items: Path, out: Path) -> None:
    files = any(one.images or one.audios or one.videos for one in made.labels)
    if files and out.resolve().parent != items.resolve().parent:
        raise UserError(f"replies have files: write --out beside {items}, which they belong to")
    if not made.labels:
        raise UserError("nothing is decided on both axes: there is no label to write")
    lines = (one.model_dump_json(exclude_defaults=True) + "\n" for one in made.labels)
    out.write_text("".join(lines), encoding="utf-8")


def _fresh(path: Path | None) -> None:
    if path is None:
        return
    if path.exists():
        raise UserError(f"{path} exists, and labels are never overwritten: name another file")
    path.parent.mkdir(parents=True, exist_ok=True)


def _widths(effect: float) -> Table:
    shares = (0.02, 0.05, 0.1, 0.2, 0.5)
    table = markdown_table("labels", *(f"at {share:.0%}" for share in shares))
    for n in (50, 100, 200, 400, 800, 1600, 3200):
        table.add_row(str(n), *(f"± {plan.half_width(n, s, effect):.1%}" for s in shares))
    return table


def register(app: typer.Typer) -> None:
    """Hang the commands of this module, and of `blind`, under `uni-safe`."""
    blind.register(label)
    app.add_typer(label, name="label")
