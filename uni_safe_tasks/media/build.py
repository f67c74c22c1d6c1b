"""Builds the shipped media from the scenario files, and checks them against the manifest.

python -m uni_safe_tasks.media.build            # render everything, rewrite the manifest
python -m uni_safe_tasks.media.build --check    # re-hash what is shipped; 1 if it differs
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated, Any

import typer
from PIL import Image
from rich.progress import track

from uni_safe_tasks.media.film import film
from uni_safe_tasks.media.picture import fitted, webp
from uni_safe_tasks.media.speech import speak
from uni_safe_tasks.suite.locations import DATA
from uni_safe_tasks.suite.schema import Scenario

MANIFEST = "media/MANIFEST.json"
SUFFIXES = (".webp", ".ogg", ".mp4")
PICTURES = ("image_understanding", "image_generation", "multimodal_interaction")
Entry = dict[str, Any]


def paths(scenario: Scenario) -> dict[str, str]:
    """Form -> media path relative to the package folder, for the forms that need a file."""
    suffixes = {
        form: ".webp"
        for form in PICTURES
        if (part := getattr(scenario, form)) is not None and part.picture is not None
    }
    if scenario.audio_processing is not None:
        suffixes["audio_processing"] = ".ogg"
    if scenario.video_analysis is not None:
        suffixes["video_analysis"] = ".mp4"
    folder = f"media/{scenario.category}/{scenario.id}"
    return {form: f"{folder}.{form}{suffix}" for form, suffix in suffixes.items()}


def render(scenario: Scenario) -> dict[str, bytes]:
    """Media path -> bytes of every file that a scenario needs.

    Raises:
        ValueError: something cannot be drawn or spoken; names scenario, form and field.
        RuntimeError: espeak-ng or a font is not installed.
    """
    # A twin looks like its harmful row, so that only what it says differs.
    seed = scenario.twin_of or scenario.id
    made: dict[str, bytes] = {}
    for form, path in paths(scenario).items():
        part = getattr(scenario, form)
        try:
            if form == "audio_processing":
                made[path] = speak(part.speech, scenario.lang)
            elif form == "video_analysis":
                made[path] = film(
                    part.storyboard, part.speech, f"{seed}.{form}", lang=scenario.lang
                )
            else:
                made[path] = webp(fitted(part.picture, f"{seed}.{form}"))
        except ValueError as error:
            raise ValueError(f"{scenario.id} {form}: {error}") from error
    return made


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


def _entry(path: str, data: bytes) -> Entry:
    entry: Entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    if path.endswith(".webp"):
        with Image.open(io.BytesIO(data)) as image:
            entry["pixels"] = hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()
    return entry


def _write(scenario: Scenario, root: Path) -> dict[str, Entry]:
    """Renders a scenario below `root`; returns its part of the manifest. Runs in a worker."""
    made = render(scenario)
    for path, data in made.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return {path: _entry(path, data) for path, data in made.items()}


def _shipped(root: Path) -> set[str]:
    """Media files in the category folders; the code beside them is not media."""
    found = (root / "media").glob("*/*")
    return {p.relative_to(root).as_posix() for p in found if p.suffix in SUFFIXES}


def _watched(steps: Iterable[Any], total: int) -> Iterator[Any]:
    """A progress bar on a terminal; elsewhere a plain line now and then."""
    if sys.stderr.isatty():
        yield from track(steps, "rendering", total)
        return
    for number, step in enumerate(steps, 1):
        if number % 25 == 0 or number == total:
            print(f"rendered {number} of {total} scenarios", flush=True)
        yield step


def build(data_dir: Path, root: Path, jobs: int = 0) -> None:
    """Renders all scenarios into `root`/media, removes what no row needs, writes the manifest.

    `jobs` is the number of processes; 0 takes one a core.

    Raises:
        ValueError: rows that break the schema or cannot be rendered, one line each. The others
            are written all the same, but the manifest is not.
    """
    rows = list(scenarios(data_dir))
    manifest: dict[str, Entry] = {}
    faults: list[str] = []
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        running = [pool.submit(_write, row, root) for row in rows]
        for done in _watched(as_completed(running), len(running)):
            try:
                manifest.update(done.result())
            except ValueError as error:
                faults.append(str(error))
    if faults:
        raise ValueError("\n".join(sorted(faults)))
    for path in _shipped(root) - set(manifest):
        (root / path).unlink()
    (root / MANIFEST).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (root / MANIFEST).write_text(text + "\n", encoding="utf-8")


def verify(root: Path) -> list[str]:
    """One line for each shipped file that is missing, differs from the manifest or is unlisted."""
    try:
        manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        return [f"{MANIFEST}: {error}"]
    shipped = _shipped(root)
    problems = [f"{path}: unlisted" for path in shipped - set(manifest)]
    problems += [f"{path}: missing" for path in set(manifest) - shipped]
    for path in shipped & set(manifest):
        if hashlib.sha256((root / path).read_bytes()).hexdigest() != manifest[path]["sha256"]:
            problems.append(f"{path}: differs from the manifest")
    return sorted(problems)


def main(
    data: Annotated[Path, typer.Option(help="folder of the scenario files")] = DATA,
    root: Annotated[Path, typer.Option(help="folder that holds media/")] = DATA,
    jobs: Annotated[int, typer.Option(help="processes; 0: one a core")] = 0,
    check: Annotated[bool, typer.Option("--check", help="only re-hash shipped files")] = False,
) -> None:
    """Render all media, or check the shipped files."""
    try:
        if not check:
            build(data, root, jobs)
        problems = verify(root)
    except (ValueError, RuntimeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for problem in problems:
        typer.echo(problem, err=True)
    typer.echo(f"{len(_shipped(root))} files, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


if __name__ == "__main__":
    typer.run(main)
