"""Builds the media of the second suite: cards, recordings and films of its sentences.

python -m uni_safe_tasks.media.sentences            # render everything, rewrite the manifest
python -m uni_safe_tasks.media.sentences --keep     # only what is not there
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from uni_safe_tasks.media.build import Work, end, fill
from uni_safe_tasks.media.film.film import film
from uni_safe_tasks.media.picture import fitted, webp
from uni_safe_tasks.media.speech.speak import speak
from uni_safe_tasks.scenario.iso import files
from uni_safe_tasks.scenario.iso.locations import DATA
from uni_safe_tasks.scenario.iso.rows import read_all
from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.scenario.media_files import verify


def render(row: Sentence, kept: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """(media path, bytes) of the four files of a sentence.

    Files that are below `kept` are read from there.

    Raises:
        ValueError: words that cannot be drawn or spoken; names row and form.
        RuntimeError: a font or the speaking model is not installed.
    """
    for form, path in files.media_paths(row).items():
        if kept is not None and (kept / path).is_file():
            yield path, (kept / path).read_bytes()
            continue
        try:
            yield path, _bytes(row, form)
        except ValueError as error:
            raise ValueError(f"{row.id} {form}: {error}") from error


def _bytes(row: Sentence, form: str) -> bytes:
    seed = files.pair_of(row)
    if form == "iso_speech":
        return speak(files.speech(row))
    if form == "iso_film":
        return film(files.shots(row), (), seed)
    return webp(fitted(files.card(row, form), seed))


def build(folder: Path = DATA, jobs: int = 0, keep: bool = False) -> None:
    """Renders all sentences of `folder` into its media/, and writes the manifest.

    Raises:
        RowError: a line is no row; names file and line.
        ValueError: sentences that cannot be rendered, one line each; the manifest is not written.
    """
    work: list[Work] = [partial(render, row) for row in read_all(folder)]
    fill(folder, work, jobs, keep)


def main(
    root: Annotated[Path, typer.Option(help="folder of the rows, which holds media/")] = DATA,
    jobs: Annotated[int, typer.Option(help="processes; 0: one a core")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="render only files not there")] = False,
) -> None:
    """Render the media of all sentences."""
    try:
        build(root, jobs, keep)
        problems = verify(root)
    except (ValueError, RuntimeError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    end(root, problems)


if __name__ == "__main__":
    typer.run(main)
