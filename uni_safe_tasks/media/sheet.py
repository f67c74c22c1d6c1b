"""Sheets of shipped media for people to look at: overlaps, cut words, empty frames are defects.

python -m uni_safe_tasks.media.sheet docs/contact_sheet.png            # pictures and film frames
python -m uni_safe_tasks.media.sheet films.png --films --n 12          # one film a row, 8 frames
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image

from uni_safe_tasks.media.film.frames import frames
from uni_safe_tasks.scenario.locations import DATA

TILE, GAP, ACROSS = (288, 216), 6, 8


def _tile(path: Path, dice: random.Random) -> Image.Image:
    """The picture, or one frame of a film, on a tile of its own."""
    if path.suffix == ".mp4":
        picture = dice.choice(frames(path, 5))
    else:
        with Image.open(path) as stored:
            picture = stored.convert("RGB")
    return _fitted(picture)


def _fitted(picture: Image.Image) -> Image.Image:
    picture.thumbnail(TILE, Image.Resampling.LANCZOS)
    tile = Image.new("RGB", TILE, "#d7dade")
    tile.paste(picture, ((TILE[0] - picture.width) // 2, (TILE[1] - picture.height) // 2))
    return tile


def sheet(root: Path, out: Path, n: int = 60, seed: str = "sheet") -> None:
    """Writes a PNG of `n` random pictures and film frames below `root`/media, 8 a row, to `out`.

    Raises:
        ValueError: there are no media below `root`.
    """
    dice = random.Random(seed)
    tiles = [_tile(path, dice) for path in _chosen(root, (".webp", ".mp4"), n, dice)]
    _save(tiles, out)


def strips(root: Path, out: Path, n: int = 12, seed: str = "sheet") -> None:
    """Writes a PNG of `n` random films, one a row, eight frames each.

    Raises:
        ValueError: there are no films below `root`.
    """
    chosen = _chosen(root, (".mp4",), n, random.Random(seed))
    _save([_fitted(frame) for path in chosen for frame in frames(path, ACROSS)], out)


def _chosen(root: Path, suffixes: tuple[str, ...], n: int, dice: random.Random) -> list[Path]:
    found = sorted(p for p in (root / "media").glob("*/*") if p.suffix in suffixes)
    if not found:
        raise ValueError(f"{root}: there are no pictures or films below it")
    return dice.sample(found, min(n, len(found)))


def _save(tiles: list[Image.Image], out: Path) -> None:
    """Lays tiles out, eight a row."""
    step = (TILE[0] + GAP, TILE[1] + GAP)
    down = -(-len(tiles) // ACROSS)
    page = Image.new("RGB", (ACROSS * step[0] + GAP, down * step[1] + GAP), "#ffffff")
    for number, tile in enumerate(tiles):
        spot = (GAP + number % ACROSS * step[0], GAP + number // ACROSS * step[1])
        page.paste(tile, spot)
    out.parent.mkdir(parents=True, exist_ok=True)
    page.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(out, optimize=True)


def main(
    out: Path,
    root: Annotated[Path, typer.Option(help="folder that holds media/")] = DATA,
    n: Annotated[int, typer.Option(help="how many tiles")] = 60,
    seed: Annotated[str, typer.Option(help="another seed, another choice")] = "sheet",
    films: Annotated[bool, typer.Option("--films", help="a strip of frames of each film")] = False,
) -> None:
    """Write a contact sheet, or a sheet of film strips."""
    (strips if films else sheet)(root, out, n, seed)


if __name__ == "__main__":
    typer.run(main)
