"""A scene: a backdrop for its setting, things that stand or float in it, a strip of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas
from uni_safe_tasks.media.draw.text_layout import Column, fit
from uni_safe_tasks.media.scene.backdrop import BACKDROPS
from uni_safe_tasks.media.scene.stand import Placed, note_tag, placed, tag_card, tag_corner
from uni_safe_tasks.scenario.schema import SETTINGS, Visual


@dataclass(frozen=True)
class Layer:
    """A thing and its shadow as one picture, to be pasted at (x, y); its tag as another."""

    spot: Placed
    picture: Image.Image
    x: int
    y: int
    tag: Image.Image | None
    tag_x: int = 0
    tag_y: int = 0


def layers(c: Canvas, v: Visual) -> list[Layer]:
    """Paints the backdrop and the strip of words; returns the things, the furthest first."""
    room = c.height
    strip = Column(())
    if v.footer:
        width = c.width - c.u(60)
        strip = fit(
            lambda s: Column(
                (parts.row(c, v.footer, "bold", 24 * s, width, "footer", "#ffffff", "center"),)
            ),
            c.u(110), (1.1, 1, 0.9, 0.8, 0.7, 0.6),
        )  # fmt: skip
        room -= strip.height + c.u(24)
    setting = next(word for word in SETTINGS if word in v.title.lower().split())
    ground = BACKDROPS[setting](c, room)
    found = [_layer(c, spot) for spot in placed(c, v.things, ground, room)]
    if strip.rows:
        c.pen.rectangle((0, room, c.width, c.height), fill="#15181d")
        c.column(strip, c.u(30), room + c.u(12), c.width - c.u(60))
    return found


def scene(c: Canvas, v: Visual) -> None:
    """A still of the scene."""
    compose(c.image, layers(c, v))


def compose(image: Image.Image, shown: Sequence[Layer]) -> None:
    """Pastes things at their places, then all tags, so that no thing hides a word."""
    for layer in shown:
        image.paste(layer.picture, (layer.x, layer.y), layer.picture)
    for layer in shown:
        if layer.tag is not None:
            image.paste(layer.tag, (layer.tag_x, layer.tag_y), layer.tag)


def _layer(c: Canvas, spot: Placed) -> Layer:
    note_tag(c, spot)
    tag, corner = None, (0, 0)
    if spot.tag is not None:
        tag, corner = tag_card(c, spot.tag), tag_corner(c, spot)
    pad = c.u(18)
    dark = 0.18 if spot.airy else 0.26
    picture = _shadowed(c, spot.picture, pad, dark, not spot.airy)
    return Layer(spot, picture, spot.x - pad, spot.y - pad, tag, *corner)


def _shadowed(
    c: Canvas, picture: Image.Image, pad: int, dark: float, footprint: bool
) -> Image.Image:
    """The picture over the soft shadow that it throws, and over a dark oval where it stands."""
    size = (picture.width + 2 * pad, picture.height + 2 * pad)
    mask = Image.new("L", size, 0)
    mask.paste(
        picture.getchannel("A").point(lambda a: round(a * dark)), (pad + c.u(4), pad + c.u(6))
    )
    if footprint:
        flat, inset = max(c.u(6), picture.width // 14), pad + picture.width // 10
        low = pad + picture.height
        oval = (inset, low - flat, size[0] - inset, low + flat // 2)
        ImageDraw.Draw(mask).ellipse(oval, fill=90)
    soft = mask.filter(ImageFilter.GaussianBlur(c.u(5)))
    whole = Image.merge("RGBA", (*(Image.new("L", size, 0) for _ in range(3)), soft))
    whole.alpha_composite(picture, (pad, pad))
    return whole
