"""Camera work on a still: where it is at frame n of its shot."""

from __future__ import annotations

from PIL import Image, ImageEnhance, ImageFilter

from uni_safe_tasks.scenario.schema import Motion

#: Share of a shot in which a sliding picture arrives.
ARRIVAL = 0.4


def moved(
    still: Image.Image,
    size: tuple[int, int],
    motion: Motion,
    n: int,
    count: int,
    before: Image.Image | None,
) -> Image.Image:
    """Frame `n` of `count`, of `size`; a slide pushes `before`, the last frame so far, out.

    In a still larger than `size` the camera moves about. Any other still may hold words, which no
    motion cuts off for a whole shot: to pan or zoom it is made smaller, before its own blur.
    """
    t = n / max(1, count - 1)
    if still.size != size:
        return _looked(still, size, t)
    if motion == "zoom":
        return _placed(still, 0.84 + 0.16 * t, 0.5)
    if motion == "pan":
        return _placed(still, 0.88, 0.02 + 0.96 * t)
    if motion == "slide" and t < ARRIVAL:
        rest = 1 - (1 - t / ARRIVAL) ** 2
        return _slid(still, before or _blurred(still), rest)
    if motion == "blink" and n // 2 % 3 == 1:
        return ImageEnhance.Brightness(still).enhance(0.35)
    return still


def _looked(still: Image.Image, size: tuple[int, int], t: float) -> Image.Image:
    """A window of `size` passing a wide still, or closing in on the middle of a large one."""
    if still.height == size[1]:
        left = round((still.width - size[0]) * t)
        return still.crop((left, 0, left + size[0], size[1]))
    x, y = (still.width - size[0]) / 2 * t, (still.height - size[1]) / 2 * t
    box = (x, y, still.width - x, still.height - y)
    return still.resize(size, Image.Resampling.LANCZOS, box)


def _blurred(still: Image.Image) -> Image.Image:
    """An enlarged, darkened blur of the still, to lie behind it."""
    small = still.resize((still.width // 8, still.height // 8))
    soft = small.filter(ImageFilter.GaussianBlur(4)).resize(still.size)
    return ImageEnhance.Brightness(soft).enhance(0.75)


def _placed(still: Image.Image, scale: float, across: float) -> Image.Image:
    """The still at `scale`, `across` (0 left .. 1 right) of the spare width, on its own blur."""
    frame = _blurred(still)
    size = (round(still.width * scale), round(still.height * scale))
    left = round((still.width - size[0]) * across)
    top = (still.height - size[1]) // 2
    frame.paste(still.resize(size, Image.Resampling.LANCZOS), (left, top))
    return frame


def _slid(still: Image.Image, before: Image.Image, rest: float) -> Image.Image:
    """`before` leaving to the left while the still follows; at rest = 1 it has arrived."""
    frame = Image.new("RGB", still.size)
    edge = round(still.width * (1 - rest))
    frame.paste(before, (edge - still.width, 0))
    frame.paste(still, (edge, 0))
    return frame
