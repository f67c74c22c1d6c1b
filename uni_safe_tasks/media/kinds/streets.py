"""The ground of a map: blocks of houses, parks, a river with bridges, streets and crossings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Box

Point = tuple[int, int]


@dataclass(frozen=True)
class Ground:
    """Colours of a map: land, houses, streets and their edges, park, water, the route."""

    land: str
    house: str
    road: str
    edge: str
    park: str
    water: str
    route: str


GROUNDS = (
    Ground("#efe9dd", "#d8cdbb", "#ffffff", "#c9bfae", "#c3dfac", "#a5d0ea", "#c2352b"),
    Ground("#e6eaed", "#cbd3d9", "#fdfdfd", "#b6c0c7", "#c8e0c8", "#98c2dd", "#5a35b8"),
    Ground("#f4ecd8", "#e0d0ac", "#fffaf0", "#cdbd97", "#b9d29a", "#8fc0c9", "#1f5fa8"),
)


def town(c: Canvas, g: Ground, area: Box, xs: Sequence[int], ys: Sequence[int]) -> None:
    """Paints `area` with blocks between streets at `xs` (upright) and `ys` (level)."""
    c.pen.rectangle(area, fill=g.land)
    across = [area[0], *xs, area[2]]
    down = [area[1], *ys, area[3]]
    blocks = [
        (left, top, right, low) for left, right in pairwise(across) for top, low in pairwise(down)
    ]
    parks = set(c.style.sample(range(len(blocks)), min(2, len(blocks))))
    for number, block in enumerate(blocks):
        _park(c, g, block) if number in parks else _houses(c, g, block)
    _river(c, g, area)
    streets = [((x, area[1]), (x, area[3])) for x in xs]
    streets += [((area[0], y), (area[2], y)) for y in ys]
    for colour, width in ((g.edge, c.u(25)), (g.road, c.u(20))):
        for start, end in streets:
            c.pen.line((start, end), fill=colour, width=width)
    for x in xs:  # zebra stripes at one arm of every crossing
        for y in ys:
            _zebra(c, g, x, y)


def _zebra(c: Canvas, g: Ground, x: int, y: int) -> None:
    for stripe in (-7, -2, 3):
        left = x + c.u(stripe)
        c.pen.rectangle((left, y + c.u(13), left + c.u(2.5), y + c.u(22)), fill=g.edge)


def _houses(c: Canvas, g: Ground, block: Box) -> None:
    inset, gap = c.u(17), c.u(5)
    left, top, right, low = block[0] + inset, block[1] + inset, block[2] - inset, block[3] - inset
    y = top
    while low - y > c.u(16):
        high = min(low - y, c.u(c.style.randint(30, 52)))
        x = left
        while right - x > c.u(16):
            wide = min(right - x, c.u(c.style.randint(34, 70)))
            shade = mix(g.house, "#000000", c.style.uniform(0, 0.06))
            c.pen.rectangle((x, y, x + wide, y + high), fill=shade)
            x += wide + gap
        y += high + gap


def _park(c: Canvas, g: Ground, block: Box) -> None:
    inset = c.u(14)
    box = (block[0] + inset, block[1] + inset, block[2] - inset, block[3] - inset)
    if box[2] - box[0] < c.u(20) or box[3] - box[1] < c.u(20):
        return
    c.pen.rounded_rectangle(box, c.u(12), fill=g.park)
    for _ in range((box[2] - box[0]) * (box[3] - box[1]) // c.u(40) ** 2):
        r = c.u(c.style.choice((6, 8, 10)))
        x = c.style.randint(box[0] + r, max(box[0] + r, box[2] - r))
        y = c.style.randint(box[1] + r, max(box[1] + r, box[3] - r))
        c.pen.ellipse((x - r, y - r, x + r, y + r), fill=mix(g.park, "#2f6b2f", 0.35))


def _river(c: Canvas, g: Ground, area: Box) -> None:
    """A river from top to bottom, which the level streets cross on bridges."""
    x = area[0] + round((area[2] - area[0]) * c.style.uniform(0.12, 0.88))
    points: list[Point] = []
    for step in range(9):
        y = area[1] + (area[3] - area[1]) * step // 8
        points.append((x, y))
        x += c.u(c.style.randint(-26, 26))
    c.pen.line(points, fill=g.water, width=c.u(30), joint="curve")


def compass(c: Canvas, g: Ground, x: int, y: int) -> None:
    """A rose on a disc, its dark needle to the north; (x, y) is the middle."""
    r = c.u(31)
    c.pen.ellipse((x - r, y - r, x + r, y + r), fill="#ffffff", outline=g.edge, width=c.u(2))
    middle = y + c.u(7)
    for sign, colour in ((-1, g.route), (1, "#9aa3ab")):
        tip = (x, middle + sign * c.u(17))
        c.pen.polygon([tip, (x - c.u(6), middle), (x + c.u(6), middle)], fill=colour)
    font = c.block("N", "bold", 15, c.u(40), "compass").font
    c.pen.text((x, y - c.u(19)), "N", font=font, fill=g.route, anchor="mm")


def pin(c: Canvas, g: Ground, x: int, y: int, number: int) -> None:
    """A place on the route: a disc with its number."""
    r = c.u(15)
    c.pen.ellipse((x - r, y - r, x + r, y + r), fill=g.route, outline="#ffffff", width=c.u(3))
    block = c.block(str(number), "bold", 17, c.u(40), "number")
    wide = round(block.font.getlength(str(number)))
    c.pen.text((x, y), str(number), font=block.font, fill="#ffffff", anchor="mm")
    assert wide < 3 * r


def route(c: Canvas, g: Ground, points: Sequence[Point]) -> None:
    """The way from place to place, along the streets: level first, then upright."""
    way = [points[0]]
    for (_, y), (there_x, there_y) in pairwise(points):
        way += [(there_x, y), (there_x, there_y)]
    c.pen.line(way, fill=mix(g.route, "#ffffff", 0.7), width=c.u(13), joint="curve")
    c.pen.line(way, fill=g.route, width=c.u(6), joint="curve")
