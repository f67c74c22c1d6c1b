"""Where things stand in a scene, and their tags: columns left to right, rows near to far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas
from uni_safe_tasks.media.draw.text_layout import Block, Column, FitError, fit
from uni_safe_tasks.media.scene.things import is_airy, sprite
from uni_safe_tasks.scenario.schema import Thing

COLUMNS = {"left": 0, "middle": 1, "right": 2}
#: Share of the room that a thing has which it fills.
FILL = {"small": 0.5, "": 0.8, "big": 1.0}
#: Nothing is drawn lower than this, in pixels of a picture 768 wide.
LEAST = 44


@dataclass(frozen=True)
class Placed:
    """A thing at its place: its left top corner, in canvas pixels, and the tag below it."""

    thing: Thing
    picture: Image.Image
    x: int
    y: int
    airy: bool
    tag: Block | None = None

    @property
    def middle(self) -> int:
        return self.x + self.picture.width // 2

    @property
    def feet(self) -> int:
        return self.y + self.picture.height


def columns(things: Sequence[Thing]) -> list[list[int]]:
    """The numbers of the things in each column: `at` decides, then order from left to right."""
    placed = any(thing.at for thing in things)
    count = 3 if placed or len(things) in (3, 5, 6) else min(2, len(things))
    taken: list[list[int]] = [[] for _ in range(count)]
    for number, thing in enumerate(things):
        if thing.at:
            taken[COLUMNS[thing.at]].append(number)
    for number, thing in enumerate(things):
        if not thing.at:
            min(taken, key=len).append(number)
    return [column for column in taken if column] if not placed else taken


def placed(c: Canvas, things: Sequence[Thing], ground: int, bottom: int) -> list[Placed]:
    """Every thing at its place, the furthest first; in the order of `things` in each row.

    Raises:
        ValueError: a thing cannot be drawn; names it as "things[2]".
        FitError: there are too many, or a caption does not fit.
    """
    taken = columns(things)
    edge = c.u(14)
    slot = (c.width - 2 * edge) // len(taken)
    found: dict[int, Placed] = {}
    for number, members in enumerate(taken):
        left = edge + number * slot
        airy = [n for n in members if is_airy(things[n])]
        standing = [n for n in members if not is_airy(things[n])]
        top = c.u(12)
        middle = round(ground * 0.62) if airy and standing else round(bottom * 0.6)
        for n, (upper, lower) in zip(airy, _bands(top, middle, len(airy), 0), strict=True):
            found[n] = _at(c, things[n], n, (left, upper, slot, lower), True)
        top = middle if airy else top
        far = max(ground + c.u(16), (top + bottom) // 2)
        bands = _bands(top, bottom - c.u(12), len(standing), far)
        # What is far is not drawn larger than what is near.
        tall = min((lower - upper for upper, lower in bands), default=0)
        for n, (_, lower) in zip(standing, reversed(bands), strict=True):
            found[n] = _at(c, things[n], n, (left, lower - tall, slot, lower), False)
    return sorted(found.values(), key=lambda spot: (not spot.airy, spot.feet))


def _bands(top: int, bottom: int, count: int, far: int) -> list[tuple[int, int]]:
    """`count` stretches from top to bottom; of two, the upper one ends at `far`."""
    if count == 2 and far:
        return [(top, far), (far, bottom)]
    return [
        (top + (bottom - top) * n // count, top + (bottom - top) * (n + 1) // count)
        for n in range(count)
    ]


def _at(c: Canvas, thing: Thing, n: int, area: tuple[int, int, int, int], airy: bool) -> Placed:
    """The thing at the foot of an area (left, top, width, bottom), its tag below it."""
    left, top, wide, bottom = area
    field = f"things[{n}]"
    picture = sprite(thing, field)
    tag = _words(c, thing.caption, wide - c.u(30), f"{field}.caption") if thing.caption else None
    if tag is not None:
        bottom -= tag.height + c.u(20)
    room = (wide * 0.92, min(bottom - top - c.u(8), c.u(330)))
    if room[1] < c.u(LEAST):
        raise FitError(f"{field}: no room left among its neighbours")
    factor = FILL[thing.size] * min(room[0] / picture.width, room[1] / picture.height)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    spare = max(0, wide - picture.width) // 2
    x = left + spare + round(spare * 0.3 * (2 * c.style.random() - 1) * (tag is None))
    y = bottom - picture.height
    if airy and tag is None:
        y = top + round((bottom - top - picture.height) * 0.4)
    return Placed(thing, picture, x, y, airy, tag)


def _words(c: Canvas, caption: str, width: int, field: str) -> Block:
    def lay(s: float) -> Column:
        return Column((parts.row(c, caption, "bold", 21 * s, width, field, "#1d2127"),))

    block = fit(lay, c.u(96), (1.1, 1, 0.9, 0.8, 0.7)).blocks[0]
    if block.broken:
        raise FitError(f"{field}: a word is too long for its tag")
    return block


def tag_size(c: Canvas, block: Block) -> tuple[int, int]:
    """Width and height of the card on which a tag's words stand."""
    return block.width + c.u(18), block.height + c.u(8)


def tag_corner(c: Canvas, spot: Placed) -> tuple[int, int]:
    """Where the card of a thing's tag begins: below it, whole on the canvas."""
    assert spot.tag is not None
    wide, _ = tag_size(c, spot.tag)
    return min(max(spot.middle - wide // 2, c.u(4)), c.width - wide - c.u(4)), spot.feet + c.u(6)


def tag_card(c: Canvas, block: Block) -> Image.Image:
    """The tag as a picture of its own, to move with its thing."""
    wide, high = tag_size(c, block)
    card = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle(
        (0, 0, wide - 1, high - 1), c.u(7), "#fffef9", "#4a4f57", max(1, c.u(1.5))
    )
    for number, line in enumerate(block.lines):
        x = (wide - round(block.font.getlength(line))) // 2
        pen.text((x, c.u(4) + number * block.leading), line, "#1d2127", block.font)
    return card


def note_tag(c: Canvas, spot: Placed) -> None:
    """Records where a tag's words stand, so that two that meet are found."""
    if spot.tag is not None:
        x, y = tag_corner(c, spot)
        box = (x + c.u(9), y + c.u(4), x + c.u(9) + spot.tag.width, y + c.u(4) + spot.tag.height)
        c.texts.append((spot.tag.field, box))
