"""The canvas that every kind draws on: units, soft shadows, and text that is checked.

Drawing happens at `OVER` times the final size and is reduced at the end, which smooths the edges
that Pillow draws jagged. Every text is recorded, so that `finish` can refuse a picture in which
words overlap or leave the canvas.
"""

from __future__ import annotations

import random

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageOps

from uni_safe_tasks.media.draw import fonts
from uni_safe_tasks.media.draw.text_layout import Block, Box, Cell, Column, FitError, wrap

OVER = 2
#: The smallest letters: at 768 wide, and in absolute pixels of a smaller picture.
SMALLEST, SMALLEST_ABSOLUTE = 15, 13


def mix(a: str, b: str, share: float) -> str:
    """The colour that lies `share` of the way from `a` to `b`, as #rrggbb."""
    pairs = zip(ImageColor.getrgb(a)[:3], ImageColor.getrgb(b)[:3], strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


class Canvas:
    """A picture in the making, `size` pixels when finished.

    `style` decides looks and follows from seed, kind and title, so that shots of one film match;
    `place` decides positions and follows from all content.
    """

    def __init__(self, size: tuple[int, int], style: random.Random, place: random.Random) -> None:
        self.size = size
        self.width, self.height = size[0] * OVER, size[1] * OVER
        self.style, self.place = style, place
        self.unit = size[0] * OVER / 768
        # Small pictures get relatively larger letters, or a film would be unreadable.
        self.letter = self.unit * (1.0 if size[0] >= 640 else 1.3)
        self.floor = OVER * max(SMALLEST_ABSOLUTE, round(SMALLEST * size[0] / 768))
        self.image = Image.new("RGB", (self.width, self.height), "#ffffff")
        self.pen = ImageDraw.Draw(self.image)
        self.texts: list[tuple[str, Box]] = []

    def u(self, length: float) -> int:
        """A length given for a picture 768 wide, in pixels of this canvas."""
        return round(length * self.unit)

    def block(
        self, text: str, role: str, size: float, width: int, field: str, leading: float = 1.25
    ) -> Block:
        """`text` wrapped to `width` canvas pixels; `size` in pixels at 768 wide.

        Raises:
            ValueError: no font has some character; names `field`.
        """
        if width < self.floor:
            raise FitError(f"{field}: no room left beside its neighbours")
        font = fonts.face(role, max(self.floor, round(size * self.letter)), text, field)
        lines, broken = wrap(text, font, width)
        high = max(round(font.size * leading), sum(font.getmetrics()))
        wide = max(round(font.getlength(line)) for line in lines)
        return Block(field, lines, font, high, wide, broken)

    def put(self, cell: Cell, x: int, y: int) -> None:
        """Draws a cell of a row whose left top corner is (x, y), and records where."""
        block = cell.block
        for number, line in enumerate(block.lines):
            wide = round(block.font.getlength(line))
            spare = {"left": 0, "center": (cell.width - wide) // 2, "right": cell.width - wide}
            left = x + cell.x + spare[cell.align]
            top = y + cell.y + number * block.leading
            self.pen.text((left, top), line, font=block.font, fill=cell.colour)
            if line:
                self.texts.append((block.field, (left, top, left + wide, top + block.leading)))

    def column(self, column: Column, x: int, y: int, width: int) -> None:
        """Draws a column whose rows are `width` wide from (x, y) down."""
        for row in column.rows:
            y += row.before
            if row.backing is not None:
                row.backing((x, y, x + width, y + row.height))
            for cell in row.cells:
                self.put(cell, x, y + row.pad)
            y += row.height

    def gradient(self, box: Box, top: str, bottom: str, sideways: bool = False) -> None:
        """Fills `box` from one colour to the other."""
        ramp = Image.linear_gradient("L")
        ramp = ramp.rotate(90) if sideways else ramp
        size = (max(1, box[2] - box[0]), max(1, box[3] - box[1]))
        # One line along which it changes is repeated: the same pixels in a quarter of the time.
        line = ramp.resize((size[0], 1) if sideways else (1, size[1]))
        filled = ImageOps.colorize(line, top, bottom).resize(size, Image.Resampling.NEAREST)
        self.image.paste(filled, box[:2])

    def shadow(self, box: Box, radius: int, blur: float = 10, dark: int = 90) -> None:
        """A soft shadow of a rounded box, a little below it."""
        pad = self.u(3 * blur)
        small = 4  # a blur needs no detail, and a quarter of the size is sixteen times as fast
        size = ((box[2] - box[0] + 2 * pad) // small, (box[3] - box[1] + 2 * pad) // small)
        mask = Image.new("L", size, 0)
        inner = (pad // small, pad // small, size[0] - pad // small, size[1] - pad // small)
        ImageDraw.Draw(mask).rounded_rectangle(inner, radius // small, fill=dark)
        mask = mask.filter(ImageFilter.GaussianBlur(self.u(blur) / small))
        mask = mask.resize((size[0] * small, size[1] * small))
        self.image.paste("#000000", (box[0] - pad, box[1] - pad + self.u(blur / 2)), mask)

    def card(
        self, box: Box, fill: str, radius: int = 0, outline: str = "", blur: float = 10
    ) -> None:
        """A box with rounded corners and a soft shadow."""
        self.shadow(box, radius, blur)
        self.pen.rounded_rectangle(
            box, radius, fill=fill, outline=outline or None, width=max(1, self.u(2))
        )

    def paste(self, picture: Image.Image, x: int, y: int) -> None:
        """Pastes an RGBA picture by its own transparency."""
        self.image.paste(picture, (x, y), picture)

    def cast(self, picture: Image.Image, x: int, y: int, dark: float = 0.35) -> None:
        """The soft shadow that an RGBA picture to be pasted at (x, y) throws."""
        pad = self.u(14)
        mask = Image.new("L", (picture.width + 2 * pad, picture.height + 2 * pad), 0)
        mask.paste(picture.getchannel("A").point(lambda a: round(a * dark)), (pad, pad))
        mask = mask.filter(ImageFilter.GaussianBlur(self.u(6)))
        self.image.paste("#000000", (x - pad + self.u(4), y - pad + self.u(7)), mask)

    def finish(self) -> Image.Image:
        """The picture in its final size.

        Raises:
            FitError: a text left the canvas, or two texts overlap; names the fields.
        """
        for number, (field, box) in enumerate(self.texts):
            if box[0] < 0 or box[1] < 0 or box[2] > self.width or box[3] > self.height:
                raise FitError(f"{field}: its words leave the canvas at {box}")
            for other, rival in self.texts[:number]:
                across = min(box[2], rival[2]) - max(box[0], rival[0])
                down = min(box[3], rival[3]) - max(box[1], rival[1])
                if across > OVER and down > OVER:
                    raise FitError(f"{field}: its words cover those of {other}")
        return self.image.reduce(OVER)
