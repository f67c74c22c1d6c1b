"""Builds the shipped media from the scenario files, and checks them against the manifest.

python -m uni_safe_tasks.media.build            # render everything, rewrite the manifest
python -m uni_safe_tasks.media.build --keep     # only what is not there; nothing else is looked at
python -m uni_safe_tasks.media.build --check    # re-hash what is shipped; 1 if it differs
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from PIL import Image
from rich.progress import track

from uni_safe_tasks.media.film.film import film
from uni_safe_tasks.media.picture import fitted, webp
from uni_safe_tasks.media.speech.speak import speak
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import MANIFEST, paths, shipped, verify
from uni_safe_tasks.scenario.schema import Scenario

Entry = dict[str, Any]


def render(
    scenario: Scenario, twin: Scenario | None = None, kept: Path | None = None
) -> Iterator[tuple[str, bytes]]:
    """(media path, bytes) of every file that is the scenario's own, not its twin's.

    Files that are below `kept` are read from there.

    Raises:
        ValueError: forms that cannot be drawn or spoken, one line each; after all the others.
        RuntimeError: a font or the speaking model is not installed.
    """
    # A twin looks like its harmful row, so that only what it says differs.
    seed = scenario.twin_of or scenario.id
    others = set(paths(twin).values()) if twin is not None else set()
    faults: list[str] = []
    for form, path in paths(scenario, twin).items():
        if path in others:
            continue
        if kept is not None and (kept / path).is_file():
            yield path, (kept / path).read_bytes()
            continue
        try:
            yield path, _bytes(scenario, form, f"{seed}.{form}")
        except ValueError as error:
            faults.append(f"{scenario.id} {form}: {error}")
    if faults:
        raise ValueError("\n".join(faults))


def _bytes(scenario: Scenario, form: str, seed: str) -> bytes:
    part = getattr(scenario, form)
    if form == "audio_processing":
        return speak(part.speech, part.noise)
    if form == "video_analysis":
        return film(part.storyboard, part.speech, seed)
    return webp(fitted(part.picture, seed))


def scenarios(data_dir: Path) -> Iterator[Scenario]:
    """Every row of `data_dir`/*.jsonl.

    Raises:
        ValueError: a row breaks the schema; names file and line.
    """
    for file in sorted(data_dir.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    yield Scenario.model_validate_json(line)
                except ValueError as error:
                    raise ValueError(f"{file}:{number}: {error}") from error


def entry(path: str, data: bytes) -> Entry:
    """What the manifest says of a file."""
    found: Entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    if path.endswith(".webp"):
        with Image.open(io.BytesIO(data)) as image:
            found["pixels"] = hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()
    return found


#: Renders the files of one row; those that are below the folder it is given are read from there.
Work = Callable[[Path | None], Iterator[tuple[str, bytes]]]


def _write(work: Work, root: Path, keep: bool) -> dict[str, Entry]:
    """Renders a row below `root`; returns its part of the manifest. Runs in a worker."""
    made = {}
    for path, data in work(root if keep else None):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        made[path] = entry(path, data)
    return made


def _watched(steps: Iterable[Any], total: int) -> Iterator[Any]:
    """A progress bar on a terminal; elsewhere a plain line now and then."""
    if sys.stderr.isatty():
        yield from track(steps, "rendering", total)
        return
    for number, step in enumerate(steps, 1):
        if number % 25 == 0 or number == total:
            print(f"rendered {number} of {total} rows", flush=True)
        yield step


def build(data_dir: Path, root: Path, jobs: int = 0, keep: bool = False) -> None:
    """Renders all scenarios into `root`/media, removes what no row needs, writes the manifest.

    `jobs` is the number of processes; 0 takes one a core. With `keep`, files that are there stay.

    Raises:
        ValueError: rows that break the schema or cannot be rendered, one line each. The others
            are written all the same, but the manifest is not.
    """
    rows = {row.id: row for row in scenarios(data_dir)}
    work: list[Work] = [partial(render, row, rows.get(row.twin_of)) for row in rows.values()]
    fill(root, work, jobs, keep)


def fill(root: Path, work: Sequence[Work], jobs: int = 0, keep: bool = False) -> None:
    """Renders all of it into `root`/media, in processes: see `build`."""
    manifest: dict[str, Entry] = {}
    faults: list[str] = []
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        running = [pool.submit(_write, one, root, keep) for one in work]
        for done in _watched(as_completed(running), len(running)):
            try:
                manifest.update(done.result())
            except ValueError as error:
                faults.append(str(error))
    if faults:
        raise ValueError("\n".join(sorted(faults)))
    for path in shipped(root) - set(manifest):
        (root / path).unlink()
    (root / MANIFEST).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (root / MANIFEST).write_text(text + "\n", encoding="utf-8")


def end(root: Path, problems: Sequence[str]) -> NoReturn:
    """Say how many files there are and what is wrong with them; exit status 1 where anything is."""
    for problem in problems:
        typer.echo(problem, err=True)
    typer.echo(f"{len(shipped(root))} files, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


def main(
    data: Annotated[Path, typer.Option(help="folder of the scenario files")] = DATA,
    root: Annotated[Path, typer.Option(help="folder that holds media/")] = DATA,
    jobs: Annotated[int, typer.Option(help="processes; 0: one a core")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="render only files not there")] = False,
    check: Annotated[bool, typer.Option("--check", help="only re-hash shipped files")] = False,
) -> None:
    """Render all media, or check the shipped files."""
    try:
        if not check:
            build(data, root, jobs, keep)
        problems = verify(root)
    except (ValueError, RuntimeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    end(root, problems)


if __name__ == "__main__":
    typer.run(main)
