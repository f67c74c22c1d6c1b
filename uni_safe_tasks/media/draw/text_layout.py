"""Text that fits: wrapping, rows, columns, and the largest scale at which a column has room.

Lengths are pixels of the working canvas. Nothing is drawn here; a `Column` is measured first, so
that text which does not fit is found before any of it is cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PIL import ImageFont

from judger.contract.errors import UserError

Align = Literal["left", "center", "right"]
Box = tuple[int, int, int, int]
#: Tried from the largest: content that is short gets big letters, long content small ones.
SCALES = tuple(1.7 * 0.955**step for step in range(35))


class FitError(UserError):
    """Text that does not fit at the smallest size allowed; the message names its field."""


@dataclass(frozen=True)
class Block:
    """One wrapped text: `field` says where it came from, `broken` that a word had to be split."""

    field: str
    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    leading: int
    width: int
    broken: bool

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


@dataclass(frozen=True)
class Cell:
    """A block inside a row: `x` from the row's left, `width` to align in, `y` from its top."""

    block: Block
    colour: str
    x: int = 0
    width: int = 0
    align: Align = "left"
    y: int = 0


@dataclass(frozen=True)
class Row:
    """Cells side by side with `before` pixels above, `pad` above and below inside.

    `backing`, called with the row's box before the text, draws what lies behind it.
    """

    cells: tuple[Cell, ...] = ()
    before: int = 0
    pad: int = 0
    least: int = 0
    backing: Callable[[Box], None] | None = None

    @property
    def height(self) -> int:
        inner = max((cell.y + cell.block.height for cell in self.cells), default=0)
        return max(self.least, inner + 2 * self.pad)


@dataclass(frozen=True)
class Column:
    """Rows from top to bottom."""

    rows: tuple[Row, ...]

    @property
    def height(self) -> int:
        return sum(row.before + row.height for row in self.rows)

    @property
    def blocks(self) -> list[Block]:
        return [cell.block for row in self.rows for cell in row.cells]


@lru_cache(maxsize=20_000)
def _length(font: ImageFont.FreeTypeFont, text: str) -> float:
    return float(font.getlength(text))


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """A word in parts that fit a line; every part has at least one character."""
    parts, part = [], ""
    for char in word:
        if part and font.getlength(part + char) > width:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]


def wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> tuple[tuple[str, ...], bool]:
    """`text` in lines of at most `width` pixels, and whether a word had to be split."""
    lines: list[str] = []
    line, long, broken = "", 0.0, False
    for word in text.split():
        # Words are measured once for all scales and lines; only spaces lie between them.
        wide = _length(font, word)
        if line and long + _length(font, " ") + wide <= width:
            line, long = f"{line} {word}", long + _length(font, " ") + wide
            continue
        if line:
            lines.append(line)
        *full, line = [word] if wide <= width else _pieces(word, font, width)
        long = wide if not full else _length(font, line)
        broken = broken or bool(full)
        lines.extend(full)
    return (*lines, line), broken


def fit_all(
    lays: Sequence[Callable[[float], Column]], room: int, scales: Sequence[float] = SCALES
) -> list[Column]:
    """The columns that each `lay(scale)` makes, at the largest scale with all within `room`.

    Whole words are preferred to big letters: columns with split words are the last resort.

    Raises:
        FitError: no scale fits; names the field that takes most of the height.
    """
    if not lays:
        return []
    tallest = max((lay(scales[-1]) for lay in lays), key=lambda column: column.height)
    if tallest.height > room:
        raise FitError(
            f"{max(tallest.blocks, key=lambda block: block.height).field}: too much text for the "
            f"picture (the smallest letters take {tallest.height} of {room} pixels)"
        )
    with_split_words: list[Column] = []
    for scale in scales:
        columns = [lay(scale) for lay in lays]
        if all(column.height <= room for column in columns):
            if not any(block.broken for column in columns for block in column.blocks):
                return columns
            with_split_words = with_split_words or columns
    return with_split_words


def fit(lay: Callable[[float], Column], room: int, scales: Sequence[float] = SCALES) -> Column:
    """`fit_all` for one column."""
    return fit_all([lay], room, scales)[0]
