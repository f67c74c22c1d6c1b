"""What a viewer sees of a picture: upright, in its colours, 8 bits a channel, opaque."""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps

_ORIENTATION = 0x0112
#: The gamma that a PNG has without saying so; one that is this near to it looks the same.
_USUAL, _NEAR = 1 / 2.2, 0.01


def upright(image: Image.Image) -> bool:
    """Whether a picture is stored as it is shown, neither turned nor mirrored."""
    try:
        return bool(image.getexif().get(_ORIENTATION, 1) == 1)
    except (SyntaxError, ValueError, TypeError, OSError, LookupError, AttributeError):
        return True  # no readable note of a camera: viewers show it as it is stored


def as_shown(image: Image.Image) -> Image.Image:
    """A loaded picture upright and in the colours of a screen, still with its transparency."""
    gamma = image.info.get("gamma") if image.format == "PNG" else None
    profile, plain = image.info.get("icc_profile"), "srgb" in image.info
    image = _eight_bits(image if upright(image) else ImageOps.exif_transpose(image))
    if profile:
        return _in_screen_colours(image, profile)
    if isinstance(gamma, float) and gamma > 0.0 and not plain and abs(gamma - _USUAL) > _NEAR:
        return _with_gamma(image, _USUAL / gamma)
    return image


def pages(image: Image.Image, longest: int | None = None) -> list[tuple[str, Image.Image]]:
    """A loaded picture as (page, RGB picture), its longest side at most `longest` pixels.

    One page, "", where the picture is opaque; else it lies over white and over black, and both are
    given: a drawing in the colour of the one page is seen on the other.
    """
    image = as_shown(image)
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


def _in_screen_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """By the picture's own profile; as it is stored where that cannot be read, as viewers do."""
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    flat = image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(
            flat, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    assert shown is not None
    if alpha is not None:
        shown.putalpha(alpha)
    return shown


def _with_gamma(image: Image.Image, power: float) -> Image.Image:
    """Brightness to a power, transparency untouched."""
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    steps = [round(255 * (value / 255) ** power) for value in range(256)]
    shown = image.convert("RGB").point(steps * 3)
    if alpha is not None:
        shown.putalpha(alpha)
    return shown


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep greys in 8 bits; Pillow's own `convert` cuts off all that is above 255."""
    if not image.mode.startswith(("I", "F")):
        return image
    import numpy as np  # as much to load as all the rest, and hardly a picture needs it

    if image.mode.startswith("I;16"):
        deep = np.asarray(image)
        grey = Image.fromarray((deep >> 8).astype(np.uint8))
        clear = image.info.get("transparency")  # the one grey that stands for nothing there
        if clear is not None:
            grey.putalpha(Image.fromarray(np.where(deep == clear, 0, 255).astype(np.uint8)))
        return grey
    # Without a range of their own: from the darkest to the brightest.
    values = np.asarray(image, dtype=np.float64)
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    scaled = np.nan_to_num((values - low) / max(high - low, 1e-300), posinf=1.0, neginf=0.0)
    return Image.fromarray((scaled.clip(0.0, 1.0) * 255).astype(np.uint8))
