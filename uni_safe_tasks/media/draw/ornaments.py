"""What several kinds share: colour sets, "label: value" lines, one-text rows, small ornaments."""

from __future__ import annotations

import random
from dataclasses import dataclass

from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Align, Box, Cell, Row


@dataclass(frozen=True)
class Palette:
    """Colours that go together; `ink` and `soft` are readable on `card`, white is on `accent`."""

    back: str
    card: str
    ink: str
    soft: str
    accent: str

    @property
    def tint(self) -> str:
        """A light shade of the accent, on which `ink` is readable."""
        return mix(self.card, self.accent, 0.14)

    @property
    def rule(self) -> str:
        """Thin lines on `card`."""
        return mix(self.card, self.soft, 0.35)


LIGHT = (
    Palette("#dfe7f0", "#ffffff", "#1d2733", "#566373", "#2563a8"),
    Palette("#f3e9dc", "#fffdf8", "#33261b", "#6f5b48", "#b04a2b"),
    Palette("#dcebe3", "#ffffff", "#16302a", "#4f6b62", "#1f7a5c"),
    Palette("#e8e2f2", "#ffffff", "#2a2138", "#655a78", "#6a3fa0"),
    Palette("#f6e3e6", "#fffefe", "#3a1c26", "#7a5560", "#b3275a"),
    Palette("#e3eef1", "#fbfeff", "#12303a", "#4d6a74", "#0f7285"),
    Palette("#f2edd0", "#fffef7", "#2f2c16", "#67613c", "#8a6410"),
    Palette("#e4e4e6", "#ffffff", "#202124", "#5c6066", "#3c4650"),
)
DARK = (
    Palette("#12161d", "#1f2630", "#eef2f7", "#aab6c4", "#2f6fd0"),
    Palette("#1a1420", "#2a2233", "#f4effa", "#bfb2cd", "#8a4fd0"),
    Palette("#0f1a18", "#1b2a27", "#ecf6f2", "#a5bfb6", "#1d8465"),
)


def light(c: Canvas) -> Palette:
    """One of the light colour sets, by style."""
    return c.style.choice(LIGHT)


def pair(line: str) -> tuple[str, str]:
    """("label", "value") of "label: value"; a line without ": " or a final colon has no label."""
    label, colon, value = line.partition(": ")
    if colon:
        return label.strip(), value.strip()
    bare = line.strip()
    return (bare[:-1].strip(), "") if bare.endswith(":") and len(bare) > 1 else ("", bare)


def row(
    c: Canvas,
    text: str,
    role: str,
    size: float,
    width: int,
    field: str,
    colour: str,
    align: Align = "left",
    before: float = 0,
    leading: float = 1.25,
) -> Row:
    """A row of one text in a column `width` wide; `size` and `before` for a picture 768 wide."""
    block = c.block(text, role, size, width, field, leading)
    return Row((Cell(block, colour, 0, width, align),), before=c.u(before))


def gap(c: Canvas, height: float) -> Row:
    """An empty row."""
    return Row(least=c.u(height))


def badge(c: Canvas, x: int, y: int, across: int, colour: str) -> None:
    """A coloured disc with a head and shoulders, as programs show for people without a photo."""
    c.pen.ellipse((x, y, x + across, y + across), fill=colour)
    pale = mix(colour, "#ffffff", 0.72)
    third = across / 3
    c.pen.ellipse((x + third, y + across * 0.2, x + 2 * third, y + across * 0.53), fill=pale)
    c.pen.chord((x + across * 0.2, y + across * 0.58, x + across * 0.8, y + across * 1.1),
                180, 360, fill=pale)  # fmt: skip


def barcode(c: Canvas, box: Box, colour: str) -> None:
    """Upright bars of random widths; it encodes nothing."""
    bars = random.Random(c.place.random())
    x = box[0]
    while x < box[2]:
        wide = c.u(bars.choice((1.5, 2, 3, 4.5)))
        c.pen.rectangle((x, box[1], min(x + wide, box[2]), box[3]), fill=colour)
        x += wide + c.u(bars.choice((2, 3, 4)))


def desk(c: Canvas) -> None:
    """A table top of planks or a plain cloth, for papers to lie on."""
    if c.style.random() < 0.5:
        wood = c.style.choice(("#a9794f", "#8b5e3c", "#c39a6b", "#6f4e37"))
        planks = 5
        for n in range(planks):
            top, bottom = c.height * n // planks, c.height * (n + 1) // planks
            shade = mix(wood, "#000000", c.style.uniform(0.0, 0.12))
            c.gradient((0, top, c.width, bottom), shade, mix(shade, "#000000", 0.08))
            c.pen.line((0, top, c.width, top), fill=mix(wood, "#000000", 0.35), width=c.u(2))
        return
    cloth = c.style.choice(("#c9d3d9", "#d9cfc4", "#bccabb", "#cfc4d6", "#b9c2cf", "#e2dccb"))
    c.gradient((0, 0, c.width, c.height), mix(cloth, "#ffffff", 0.25), mix(cloth, "#000000", 0.12))
