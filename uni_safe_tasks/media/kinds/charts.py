"""Numbers made visible: bar charts and dashboards."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import SCALES, Box, Cell, Column, Row, fit, fit_all
from uni_safe_tasks.scenario.schema import Visual

BARS = ("#2f6fb0", "#d9772b", "#2f9468", "#b8405e", "#7a55b5", "#a8871d", "#16899a", "#6b7280")


def number(text: str) -> float:
    """The first number in `text` without its sign, 0.0 where there is none ("1,200 €" is 1200)."""
    found = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    return float(found.group().replace(",", "")) if found else 0.0


def chart(c: Canvas, v: Visual) -> None:
    """Bars, lying or standing; standing ones only where their labels have room."""
    p = parts.light(c)
    c.gradient((0, 0, c.width, c.height), p.back, mix(p.back, p.accent, 0.2))
    box = (c.u(24), c.u(20), c.width - c.u(24), c.height - c.u(20))
    c.card(box, p.card, c.u(14))
    x, width = box[0] + c.u(28), box[2] - box[0] - c.u(56)
    colours = [p.accent] if c.style.random() < 0.4 else list(BARS)
    standing = c.style.random() < 0.5 and 2 <= len(v.lines) <= 7
    standing = standing and all(len(parts.pair(line)[0]) <= 16 for line in v.lines)

    def title(s: float) -> Column:
        row = parts.row(c, v.title, "bold", 30 * s, width, "title", p.ink)
        return Column((row,) if v.title else ())

    def footer(s: float) -> Column:
        row = parts.row(c, v.footer, "sans", 19 * s, width, "footer", p.soft)
        return Column((row,) if v.footer else ())

    head, foot = (fit(part, c.u(96), (1.1, 1, 0.9, 0.8, 0.7, 0.6)) for part in (title, footer))
    c.column(head, x, box[1] + c.u(18), width)
    c.column(foot, x, box[3] - c.u(14) - foot.height, width)
    top, bottom = box[1] + c.u(30) + head.height, box[3] - c.u(26) - foot.height
    if standing:
        _standing(c, v, p, colours, (x, top, x + width, bottom))
    else:
        _lying(c, v, p, colours, (x, top, x + width, bottom))


def _lying(c: Canvas, v: Visual, p: parts.Palette, colours: list[str], box: Box) -> None:
    most = max((number(parts.pair(line)[1]) for line in v.lines), default=0.0) or 1.0
    width = box[2] - box[0]
    third = width * 36 // 100
    roomy = min(c.u(62), (box[3] - box[1]) * 6 // (10 * max(1, len(v.lines))))

    def lay(s: float) -> Column:
        rows = []
        for n, line in enumerate(v.lines):
            label, value = parts.pair(line)
            field = f"lines[{n}]"
            if not label or not value:
                rows.append(parts.row(c, line, "sans", 20 * s, width, field, p.ink, before=8 * s))
                continue
            amount = c.block(value, "bold", 21 * s, width // 4, field)
            long = round((width - third - amount.width - c.u(12)) * number(value) / most)

            def bar(area: Box, long: int = long, colour: str = colours[n % len(colours)]) -> None:
                left, thin = area[0] + third, max(c.u(3), (area[3] - area[1] - c.u(46)) // 2)
                spot = (left, area[1] + thin, left + max(c.u(3), long), area[3] - thin)
                c.pen.rounded_rectangle(spot, c.u(4), fill=colour)

            name = c.block(label, "sans", 20 * s, third - c.u(14), field)
            high = max(name.height, amount.height, roomy)
            cells = (
                Cell(name, p.ink, 0, third - c.u(14), "right", (high - name.height) // 2),
                Cell(
                    amount,
                    p.ink,
                    third + max(c.u(3), long) + c.u(10),
                    y=(high - amount.height) // 2,
                ),
            )
            rows.append(Row(cells, c.u(12 * s), 0, high, bar))
        return Column(tuple(rows))

    column = fit(lay, box[3] - box[1])
    c.column(column, box[0], box[1] + (box[3] - box[1] - column.height) // 2, width)
    c.pen.line((box[0] + third, box[1], box[0] + third, box[3]), fill=p.soft, width=c.u(2))


def _standing(c: Canvas, v: Visual, p: parts.Palette, colours: list[str], box: Box) -> None:
    pairs = [parts.pair(line) for line in v.lines]
    most = max(number(value) for _, value in pairs) or 1.0
    slot = (box[2] - box[0]) // len(pairs)

    def words(which: int, role: str, size: float) -> Column:
        def lay(s: float) -> Column:
            cells = []
            for n, both in enumerate(pairs):
                block = c.block(both[which], role, size * s, slot - c.u(8), f"lines[{n}]")
                cells.append(Cell(block, p.ink, n * slot + c.u(4), slot - c.u(8), "center"))
            return Column((Row(tuple(cells)),))

        return fit(lay, c.u(84), (1.2, 1.1, 1.0, 0.9, 0.8, 0.7))

    names, values = words(0, "sans", 19), words(1, "bold", 21)
    ground = box[3] - names.height - c.u(8)
    tallest = ground - box[1] - values.height - c.u(4)
    for step in range(1, 5):
        y = ground - tallest * step // 4
        c.pen.line((box[0], y, box[2], y), fill=mix(p.card, p.soft, 0.2), width=c.u(1.5))
    for n, (_, value) in enumerate(pairs):
        left, high = box[0] + n * slot + slot // 6, round(tallest * number(value) / most)
        bar = (left, ground - max(high, c.u(3)), left + slot * 2 // 3, ground)
        c.pen.rectangle(bar, fill=colours[n % len(colours)])
        cell = values.rows[0].cells[n]
        c.put(cell, box[0], ground - high - c.u(4) - cell.block.height)
    c.pen.line((box[0], ground, box[2], ground), fill=p.soft, width=c.u(2))
    c.column(names, box[0], ground + c.u(6), box[2] - box[0])


def dashboard(c: Canvas, v: Visual) -> None:
    """Tiles, each with a metric and its value; light or dark."""
    p = c.style.choice(parts.DARK if c.style.random() < 0.5 else parts.LIGHT)
    c.gradient((0, 0, c.width, c.height), p.back, mix(p.back, "#000000", 0.06))
    x, width, space = c.u(26), c.width - c.u(52), c.u(14)
    ink = p.ink
    c.pen.rectangle((0, 0, c.u(10), c.height), fill=p.accent)

    def title(s: float) -> Column:
        row = parts.row(c, v.title, "bold", 30 * s, width, "title", ink)
        return Column((row,) if v.title else ())

    def footer(s: float) -> Column:
        row = parts.row(c, v.footer, "sans", 19 * s, width, "footer", p.soft)
        return Column((row,) if v.footer else ())

    head, foot = (fit(part, c.u(90), (1.1, 1, 0.9, 0.8, 0.7, 0.6)) for part in (title, footer))
    c.column(head, x, c.u(18), width)
    c.column(foot, x, c.height - c.u(14) - foot.height, width)
    top, bottom = c.u(32) + head.height, c.height - c.u(26) - foot.height
    count = max(1, len(v.lines))
    across = 1 if count == 1 else 2 if count <= 4 else 3
    down = math.ceil(count / across)
    high = (bottom - top - (down - 1) * space) // down
    spots: list[Box] = []
    for start in range(0, len(v.lines), across):
        # A short last row widens its tiles rather than leaving a hole.
        members = min(across, len(v.lines) - start)
        wide = (width - (members - 1) * space) // members
        y = top + start // across * (high + space)
        lefts = [x + n * (wide + space) for n in range(members)]
        spots += [(left, y, left + wide, y + high) for left in lefts]
    tiles = [_tile(c, p, line, n, spots[n]) for n, line in enumerate(v.lines)]
    columns = fit_all(tiles, high - c.u(40), (2.6, 2.4, 2.2, 2.0, 1.85, *SCALES))
    for n, (spot, column) in enumerate(zip(spots, columns, strict=True)):
        c.card(spot, p.card, c.u(12), blur=6)
        mark = (spot[0] + c.u(14), spot[1] + c.u(12), spot[0] + c.u(52), spot[1] + c.u(18))
        c.pen.rounded_rectangle(mark, c.u(3), fill=BARS[n % len(BARS)])
        y = spot[1] + c.u(26) + (high - c.u(40) - column.height) // 2
        c.column(column, spot[0] + c.u(14), y, spot[2] - spot[0] - c.u(28))


def _tile(c: Canvas, p: parts.Palette, line: str, n: int, spot: Box) -> Callable[[float], Column]:
    """Lays out the words of one tile."""
    label, value = parts.pair(line)
    width = spot[2] - spot[0] - c.u(28)

    def lay(s: float) -> Column:
        rows = []
        if label:
            rows.append(parts.row(c, label, "sans", 19 * s, width, f"lines[{n}]", p.soft))
        if value:
            rows.append(parts.row(c, value, "black", 34 * s, width, f"lines[{n}]", p.ink))
        return Column(tuple(rows))

    return lay
