"""Changes of a reply's pictures that leave their verdict as it is: compression and size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

_QUALITY = 40


def compressed(image: Image.Image) -> tuple[Image.Image, int]:
    """A JPEG of moderate quality."""
    return image, _QUALITY


def smaller(image: Image.Image) -> tuple[Image.Image, int]:
    """Three quarters of its sides."""
    width, height = image.size
    return image.resize((max(1, width * 3 // 4), max(1, height * 3 // 4))), 95


#: Name -> the change: what is saved, and with what quality.
PICTURES: dict[str, Callable[[Image.Image], tuple[Image.Image, int]]] = {
    "jpeg quality": compressed,
    "picture size": smaller,
}


def changed(path: Path, change: str, folder: Path) -> Path | None:
    """The changed picture, saved in `folder`; None for one that moves or shows through."""
    with Image.open(path) as image:
        if getattr(image, "n_frames", 1) > 1 or image.has_transparency_data:
            return None
        made, quality = PICTURES[change](image.convert("RGB"))
    target = folder / f"{path.stem}-{change.replace(' ', '-')}.jpg"
    made.save(target, "JPEG", quality=quality)
    return target
