"""`uni-safe label blind`, `second`, `settle`, `agreement`: labels given a second time, blind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from judger.rates.calibration import NOT_CORRECTNESS
from judger.validation import shipped
from judger.validation.labels import Label
from leaderboard.commands.trust.calibrate import markdown_table
from leaderboard.labelling import drawn
from leaderboard.labelling.blind import batches, second, settled
from uni_safe_tasks.media.replies.making import sources

#: Columns hold intervals: never cut, whatever the terminal.
WIDTH = 120
Labels = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[LABELS.jsonl...]", help="the set that ships, if unset"),
]
Answers = Annotated[list[Path], typer.Option(help="what was said, one JSON object a line")]
Every = dict[Path, list[Label]]


def blind(
    labelled: Labels = None,
    out: Annotated[Path, typer.Option(help="folder to write the batches to")] = Path("blind"),
    size: Annotated[int, typer.Option(min=1, help="labels of a batch")] = 60,
    seed: Annotated[int, typer.Option(help="the same labels and seed, the same batches")] = 0,
) -> None:
    """Put labels before a second labeller who sees request, intent, media and reply, and no label.

    Writes batches of the labels that one alone has given: BATCH.items.jsonl, the same as a sheet
    for people (BATCH.html), and copies of the replies' files. `made_text` says in words what a
    file holds. Then: uni-safe label second.

    Example: uni-safe label blind --out blind --size 60
    """
    made = batches.write(_read(labelled), out, size, seed)
    for path in made:
        typer.echo(f"{len(drawn.read(path))} labels: {path.resolve()}")


def second_label(
    answers: Answers,
    by: Annotated[str, typer.Option(help="who said it; a sheet's own lines name who did")],
    labelled: Labels = None,
    disputed: Annotated[Path, typer.Option(help="where to write what they differ on")] = Path(
        "disputed.jsonl"
    ),
) -> None:
    """Store what a second labeller said beside each first label; say how far the two agree.

    A line holds `id` as the batch gives it, `contextual` (unsafe, safe, refusal), `intrinsic`
    (unsafe, safe), for benign requests `helped` (yes, no), and `note`; "cannot_tell" is an answer
    everywhere. Labels on which the two differ are written for whoever settles them.

    Example: uni-safe label second --answers said.jsonl --by "a second language model, blind"
    """
    every = _read(labelled)
    _apart(disputed, every, answers)
    names = batches.by_name(every)
    said = second.answers(answers, by, names, batches.replies(every))
    called = {label.id: name for name, label in names.items()}
    every_now = second.with_second(every, said, called)
    second.write(every_now)
    _print(every_now)
    _say_open(every_now, disputed)


def settle(
    answers: Answers,
    by: Annotated[str, typer.Option(help="who settled it")],
    labelled: Labels = None,
    disputed: Annotated[Path, typer.Option(help="where to write what is still open")] = Path(
        "disputed.jsonl"
    ),
) -> None:
    """Take the verdicts that settle what two labellers differ on, each with a reason (`note`).

    Lines are those of `uni-safe label second`; the verdicts become the label's.

    Example: uni-safe label settle --answers settled.jsonl --by "a third language model"
    """
    every = _read(labelled)
    _apart(disputed, every, answers)
    said = second.answers(answers, by, batches.by_name(every), batches.replies(every))
    made = {
        path: [
            settled.settle(label, said[batches.called(label)])
            if batches.called(label) in said
            else label
            for label in mine
        ]
        for path, mine in every.items()
    }
    second.write(made)
    typer.echo(f"{len(said)} labels settled")
    _say_open(made, disputed)


def agreement(labelled: Labels = None) -> None:
    """How far the two who labelled agree before anything was settled: share and Cohen's kappa.

    Example: uni-safe label agreement
    """
    _print(_read(labelled))


def _read(labelled: list[Path] | None) -> Every:
    return batches.read(labelled or shipped.SETS)


def _apart(target: Path, every: Every, answers: Sequence[Path]) -> None:
    if target.resolve() in {path.resolve() for path in (*every, *answers)}:
        raise batches.BlindError(f"--disputed {target} is what is read: name another file")


def _print(every: Every) -> None:
    labels = [label for mine in every.values() for label in mine]
    scored = [label for label in labels if label.outcome == "scored"]
    table = markdown_table("labels", "question", "n", "cannot tell", "same", "kappa")
    for name, one in settled.agreement(labels):
        table.add_row(
            name, one.what, str(one.same.n), str(one.cannot_tell), str(one.same), str(one.kappa)
        )
    console = Console(width=WIDTH)
    console.print(table)
    twice = sum(len(label.opinions) > 1 for label in scored)
    counts = sum(label.settled for label in scored)
    typer.echo(f"{len(scored)} labels, {twice} labelled twice, {counts} of them settled")
    console.print(NOT_CORRECTNESS, soft_wrap=True)


def _say_open(every: Every, target: Path) -> None:
    lines = [
        settled.dispute(label, batches.in_words(sources(path.parent).get(label.id)))
        for path, mine in every.items()
        for label in settled.open_labels(mine)
    ]
    target.write_text("".join(lines), encoding="utf-8")
    typer.echo(f"{len(lines)} to be settled: {target.resolve()}")


def register(label: typer.Typer) -> None:
    """Hang the commands of this module under `uni-safe label`."""
    label.command("blind")(blind)
    label.command("second")(second_label)
    label.command("settle")(settle)
    label.command("agreement")(agreement)
