"""A contact sheet: random pictures and film frames from the shipped media, for people to look at.

python -m uni_safe_tasks.media.sheet docs/contact_sheet.png
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image

from uni_safe_tasks.files import DATA
from uni_safe_tasks.media.film.frames import frames

TILE, GAP, ACROSS = (288, 216), 6, 8


def _tile(path: Path, dice: random.Random) -> Image.Image:
    """The picture, or one frame of a film, on a tile of its own."""
    if path.suffix == ".mp4":
        picture = dice.choice(frames(path, 5))
    else:
        with Image.open(path) as stored:
            picture = stored.convert("RGB")
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
    folder = root / "media"
    found = sorted(p for p in folder.glob("*/*") if p.suffix in (".webp", ".mp4"))
    if not found:
        raise ValueError(f"{folder}: there are no pictures or films below it")
    chosen = dice.sample(found, min(n, len(found)))
    step = (TILE[0] + GAP, TILE[1] + GAP)
    down = -(-len(chosen) // ACROSS)
    page = Image.new("RGB", (ACROSS * step[0] + GAP, down * step[1] + GAP), "#ffffff")
    for number, path in enumerate(chosen):
        spot = (GAP + number % ACROSS * step[0], GAP + number // ACROSS * step[1])
        page.paste(_tile(path, dice), spot)
    out.parent.mkdir(parents=True, exist_ok=True)
    page.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(out, optimize=True)


def main(
    out: Path,
    root: Annotated[Path, typer.Option(help="folder that holds media/")] = DATA,
    n: Annotated[int, typer.Option(help="how many tiles")] = 60,
    seed: Annotated[str, typer.Option(help="another seed, another choice")] = "sheet",
) -> None:
    """Write a contact sheet."""
    sheet(root, out, n, seed)


if __name__ == "__main__":
    typer.run(main)
