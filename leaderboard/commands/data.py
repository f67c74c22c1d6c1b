"""`uni-safe data`: the data set checked and counted; `uni-safe prompts`: its items taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judger.contract.errors import UserError
from uni_safe_tasks.attacks.chosen import UNDER, asked_for
from uni_safe_tasks.scenario.locations import DATA

data = typer.Typer(no_args_is_help=True, help="Check and count the data set.")
Folder = Annotated[
    Path, typer.Argument(metavar="[DIR]", help="a folder of scenario files [the shipped one]")
]


@data.command()
def validate(folder: Folder = DATA) -> None:
    """Check a data folder; every fault is one line that names file and line. Exit status 1 if any.

    Schema, ids, twins, media and their manifest, the recorded content hashes.

    Example: uni-safe data validate uni_safe_tasks/data
    """
    from uni_safe_tasks.release.validate_data import (
        faults,  # these imports bring codecs and the harness: seconds
    )

    if not folder.is_dir():
        raise UserError(f"{folder} is no folder")
    found = list(faults(folder))
    for fault in found:
        typer.echo(fault)
    typer.echo(f"{folder}: {len(found)} faults" if found else f"{folder}: sound", err=True)
    raise typer.Exit(1 if found else 0)


@data.command()
def card(folder: Folder = DATA) -> None:
    """Print the composition of a data folder as the tables of its card.

    Example: uni-safe data card
    """
    from uni_safe_tasks.release.card import composition

    typer.echo(composition(folder))


@data.command()
def hashes(folder: Folder = DATA) -> None:
    """Print the content hash of every item, in the order of the files.

    Example: uni-safe data hashes | grep pri-h101
    """
    from uni_safe_tasks.release.content_hashes import item_hashes

    folders = [folder, *([folder / "iso"] if (folder / "iso").is_dir() else [])]
    lines = [f"{sha}  {item_id}" for one in folders for item_id, sha in item_hashes(one)]
    typer.echo("\n".join(lines))


def prompts(
    tasks: Annotated[str, typer.Option(help="names, patterns or tags of cells, comma-separated")],
    out: Annotated[Path, typer.Option(help="the folder to write to")],
    limit: Annotated[
        int | None, typer.Option(min=1, help="the first N items of each cell, as in lmms_eval")
    ] = None,
    attack: Annotated[str, typer.Option(help=UNDER)] = "",
) -> None:
    """Write the exact prompts and media of cells, for a model that runs in its own code.

    Each line of OUT/prompts.jsonl is an item; media paths in it are relative to the file. Answer
    each with a line {"item_id": ..., "reply": ..., "images": [...]} and hand these to
    `uni-safe score`.

    Example: uni-safe prompts --tasks 'uni_safe_*' --out prompts/
    """
    from uni_safe_tasks.harness.export import export

    exported = export(tasks, out, limit, asked_for(attack))
    typer.echo(f"{exported.file}: {exported.items} items, {exported.media} media files beside it")


def register(app: typer.Typer) -> None:
    """Hang the commands of this module under `uni-safe`."""
    app.add_typer(data, name="data")
    app.command()(prompts)
