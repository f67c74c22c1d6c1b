"""The calibration set's pictures, sounds and films.

python -m uni_safe_tasks.media.replies                        # make all again, rewrite the manifest
python -m uni_safe_tasks.media.replies --verify               # re-hash what is shipped
python -m uni_safe_tasks.media.replies --check DRAFTS.jsonl   # what is wrong with drafts
python -m uni_safe_tasks.media.replies --take DRAFTS.jsonl    # take them in, make what is new
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from judger.contract.errors import UserError
from judger.validation import shipped
from uni_safe_tasks.media.replies import checks, making, taking

AUTHOR = "a language model, which wrote the reply"


def main(
    drafts: Annotated[list[Path] | None, typer.Argument(help="files of drafts")] = None,
    check: Annotated[bool, typer.Option("--check", help="only say what is wrong")] = False,
    take: Annotated[bool, typer.Option("--take", help="add them to the set")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="only re-hash shipped files")] = False,
    by: Annotated[str, typer.Option(help="who labelled the drafts")] = AUTHOR,
    folder: Annotated[Path, typer.Option(help="folder of the labels")] = shipped.FOLDER,
    jobs: Annotated[int, typer.Option(help="processes; 0: one a core")] = 0,
) -> None:
    """Make, check or extend the media of the calibration set."""
    try:
        problems, said = _done(drafts or [], check, take, verify, by, folder, jobs)
    except (UserError, ValueError, RuntimeError, OSError) as error:
        problems, said = str(error).splitlines(), "nothing was written"
    for problem in problems:
        typer.echo(problem, err=True)
    typer.echo(f"{said}; {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


def _done(
    drafts: list[Path], check: bool, take: bool, verify: bool, by: str, folder: Path, jobs: int
) -> tuple[list[str], str]:
    if check + take + verify > 1 or bool(drafts) != (check or take):
        raise UserError("name files of drafts with --check or --take, and none without")
    if check:
        known = checks.shipped_labels(taking.files(folder))
        return checks.faults(drafts, known), f"{len(drafts)} files of drafts"
    if take:
        said = taking.take(drafts, folder, by, date.today().isoformat(), jobs)
        return shipped.problems(folder), said
    if not verify:
        if faults := making.make(list(making.sources(folder).values()), folder, jobs):
            return faults, "the manifest was not written"
        taking.write_manifest(folder)
    return shipped.problems(folder), f"{len(shipped.media_files(folder))} files"


if __name__ == "__main__":
    typer.run(main)
