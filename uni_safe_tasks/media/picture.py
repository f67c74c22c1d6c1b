"""From a `Visual` to a picture: `draw` one, `fitted` for a still, `webp` to store it."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable

from PIL import Image

from uni_safe_tasks.media.draw.canvas import Canvas
from uni_safe_tasks.media.draw.text_layout import FitError
from uni_safe_tasks.media.kinds import cards, maps, paper, screen, street
from uni_safe_tasks.media.kinds import charts as figures
from uni_safe_tasks.media.kinds import notice_boards as boards
from uni_safe_tasks.media.scene import scene
from uni_safe_tasks.scenario.schema import Visual, VisualKind

KINDS: dict[VisualKind, Callable[[Canvas, Visual], None]] = {
    "chat": screen.chat,
    "email": paper.email,
    "webpage": screen.webpage,
    "post": screen.post,
    "id_card": cards.id_card,
    "form": paper.form,
    "receipt": paper.receipt,
    "chart": figures.chart,
    "map": maps.town_map,
    "sign": street.sign,
    "label": cards.label,
    "poster": street.poster,
    "notice": boards.notice,
    "dashboard": figures.dashboard,
    "handwriting": paper.handwriting,
    "scene": scene.scene,
    "caption": street.caption,
}
SIZE = (768, 576)
#: Stills may grow downwards, as a long letter does; films may not.
SIZES = (SIZE, (768, 768), (768, 1024), (768, 1536))


def _dice(*parts: str) -> random.Random:
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def canvas_for(visual: Visual, size: tuple[int, int], seed: str) -> tuple[Canvas, Visual]:
    """An empty canvas with its dice, and the visual without idle spaces.

    Looks follow from seed, kind and title, positions from all content. In a scene all follows from
    seed and setting: its houses stay where they are from shot to shot, and from twin to twin.
    """
    lines = [" ".join(line.split()) for line in visual.lines if line.strip()]
    title, footer = " ".join(visual.title.split()), " ".join(visual.footer.split())
    plain = Visual(kind=visual.kind, title=title, lines=lines, footer=footer, things=visual.things)
    if not (title or footer or any(lines)):
        raise ValueError(f"{visual.kind}: nothing to draw, title, lines and footer are empty")
    content = "" if visual.things else json.dumps([title, lines, footer])
    dice = (_dice(seed, visual.kind, title), _dice(seed, visual.kind, content or title))
    return Canvas(size, *dice), plain


def draw(visual: Visual, size: tuple[int, int] = SIZE, seed: str = "") -> Image.Image:
    """The picture of a visual, RGB, of `size` (width, height) pixels.

    The same arguments give the same pixels.

    Raises:
        ValueError: there is nothing to draw; a text does not fit (`FitError`) or has characters
            that no font has; a thing's emoji cannot be drawn. The message names kind and field.
        RuntimeError: a font is not installed.
    """
    canvas, plain = canvas_for(visual, size, seed)
    try:
        KINDS[visual.kind](canvas, plain)
        return canvas.finish()
    except FitError as error:
        raise FitError(f"{visual.kind}: {error}") from error
    except ValueError as error:
        raise ValueError(f"{visual.kind}: {error}") from error


def fitted(visual: Visual, seed: str = "") -> Image.Image:
    """The picture of a visual in the first of `SIZES` that has room for its text.

    Raises:
        ValueError: as `draw` does, for the largest size.
    """
    for size in SIZES[:-1]:
        try:
            return draw(visual, size, seed)
        except FitError:
            continue
    return draw(visual, SIZES[-1], seed)


def webp(image: Image.Image, quality: int = 70) -> bytes:
    """The picture as WebP."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=6)
    return buffer.getvalue()
