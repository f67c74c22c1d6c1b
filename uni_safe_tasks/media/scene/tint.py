"""Another colour for an emoji: its main colour is replaced, light and shadow stay.

What is replaced is the hue that covers most of it, or, on a grey thing, all that is grey. The skin
and hair of people stay as they are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from uni_safe_tasks.scenario.schema import Colour

#: The colour of a fully lit surface, and how far shading may darken it.
PAINTS: dict[Colour, tuple[int, int, int]] = {
    "red": (222, 38, 38), "orange": (245, 130, 20), "yellow": (250, 208, 30),
    "green": (46, 150, 62), "blue": (36, 98, 214), "purple": (132, 56, 176),
    "brown": (128, 80, 44), "black": (46, 46, 50), "white": (248, 248, 246),
    "grey": (142, 145, 150), "pink": (250, 128, 178),
}  # fmt: skip
#: At least this share of a thing changes colour, else a tint would be missed.
LEAST = 0.34
Pixels = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def _hue(rgb: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """(hue 0..360, saturation 0..1, value 0..1) of every pixel."""
    high, low = rgb.max(axis=2), rgb.min(axis=2)
    span = np.maximum(high - low, 1e-6)
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(
        high == r, (g - b) / span % 6, np.where(high == g, (b - r) / span + 2, (r - g) / span + 4)
    )
    return hue * 60, (high - low) / np.maximum(high, 1e-6), high


def _main(hue: Pixels, saturation: Pixels, free: Mask) -> Mask:
    """The pixels of the colour that covers most, greys counted as one colour."""
    vivid = free & (saturation > 0.2)
    counts = np.bincount((hue[vivid] // 10).astype(int) % 36, minlength=36)
    around = sum(np.roll(counts, shift) for shift in (-2, -1, 0, 1, 2))
    best = int(np.argmax(around))
    apart = np.abs((hue - (best * 10 + 5) + 180) % 360 - 180)
    main = vivid & (apart <= 32)
    grey = free & ~vivid
    return grey if grey.sum() > 2 * main.sum() else main


def tinted(picture: Image.Image, colour: Colour, skin: Mask | None = None) -> Image.Image:
    """The RGBA picture in another colour; where `skin` is set it stays."""
    if not colour:
        return picture
    data = np.asarray(picture).astype(np.float64)
    rgb, shown = data[..., :3] / 255, data[..., 3] > 40
    free = shown & ~skin if skin is not None and (shown & ~skin).sum() > 30 else shown
    hue, saturation, value = _hue(rgb)
    mask = _main(hue, saturation, free)
    if mask.sum() < LEAST * free.sum():
        mask = free & (value > 0.12)
    light = rgb @ np.array([0.3, 0.59, 0.11])
    lit = float(np.percentile(light[mask], 80)) if mask.any() else 1.0
    # Dark things have little shading of their own: it is spread, so that edges stay visible.
    shade = np.clip(light / max(lit, 0.15), 0.35, 1.3)[..., np.newaxis]
    paint = np.array(PAINTS[colour]) / 255
    painted = np.where(shade <= 1, paint * shade, paint + (1 - paint) * (shade - 1))
    if colour == "black":
        painted = paint * (0.55 + 0.75 * (shade - 0.35))
    mixed = np.where(mask[..., np.newaxis], painted, rgb)
    out = np.dstack([np.clip(mixed, 0, 1) * 255, data[..., 3]])
    return Image.fromarray(np.round(out).astype(np.uint8))
