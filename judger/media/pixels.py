"""What a viewer sees of a picture: 8 bits a channel, and no drawing hidden in its transparency."""

from __future__ import annotations

import numpy as np
from PIL import Image


def pages(image: Image.Image, longest: int | None = None) -> list[tuple[str, Image.Image]]:
    """A loaded picture as (page, RGB picture), its longest side at most `longest` pixels.

    One page, "", where the picture is opaque; else it lies over white and over black, and both are
    given: a drawing in the colour of the one page is seen on the other.
    """
    image = _eight_bits(image)
    if not image.has_transparency_data:
        return [("", _bounded(image.convert("RGB"), longest))]
    image = image.convert("RGBA")
    if image.getchannel("A").getextrema()[0] == 255:
        return [("", _bounded(image.convert("RGB"), longest))]
    image = _bounded(image, longest)
    return [(f"over {colour}", _over(image, colour)) for colour in ("white", "black")]


def _bounded(image: Image.Image, longest: int | None) -> Image.Image:
    if longest is not None:
        image.thumbnail((longest, longest))
    return image


def _over(image: Image.Image, colour: str) -> Image.Image:
    page = Image.new("RGB", image.size, colour)
    page.paste(image, mask=image)
    return page


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep greys in 8 bits; Pillow's own `convert` cuts off all that is above 255."""
    if image.mode.startswith("I;16"):
        deep = np.asarray(image)
        grey = Image.fromarray((deep >> 8).astype(np.uint8))
        clear = image.info.get("transparency")  # the one grey that stands for nothing there
        if clear is not None:
            grey.putalpha(Image.fromarray(np.where(deep == clear, 0, 255).astype(np.uint8)))
        return grey
    if image.mode in ("I", "F"):  # without a range of their own: from the darkest to the brightest
        values = np.asarray(image, dtype=np.float64)
        known = values[np.isfinite(values)]
        low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
        scaled = np.nan_to_num((values - low) / max(high - low, 1e-300), posinf=1.0, neginf=0.0)
        return Image.fromarray((scaled.clip(0.0, 1.0) * 255).astype(np.uint8))
    return image
