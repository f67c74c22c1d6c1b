"""Boards with several things on them: pinned notes, and maps with a route."""

from __future__ import annotations

import math
from collections.abc import Callable

from uni_safe_tasks.media.draw import parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.layout import Block, Box, Cell, Column, FitError, Row, fit, fit_all
from uni_safe_tasks.schema import Visual

NOTES = ("#fff3a8", "#ffd9c2", "#d6efc9", "#cfe6f7", "#f3d4ea", "#ffffff")


def _heading(c: Canvas, text: str, field: str, room: int, ink: str, size: float = 30) -> Column:
    """A title or footer of at most `room` pixels; no rows where there is no text."""
    if not text:
        return Column(())
    width = c.width - c.u(120)
    return fit(
        lambda s: Column((parts.row(c, text, "black", size * s, width, field, ink, "center"),)),
        room, (1.2, 1.1, 1, 0.9, 0.8, 0.7, 0.6, 0.5),
    )  # fmt: skip


def notice(c: Canvas, v: Visual) -> None:
    """A notice board: every line a pinned note, the title on a strip above them."""
    back, frame = c.style.choice(
        (("#c89b6a", "#7a5230"), ("#5d7f6b", "#3b2f26"), ("#8593a6", "#3d4652"))
    )
    c.pen.rectangle((0, 0, c.width, c.height), fill=frame)
    edge = c.u(14)
    c.gradient((edge, edge, c.width - edge, c.height - edge), mix(back, "#ffffff", 0.1), back)
    for _ in range(260):
        x, y = c.place.randint(edge, c.width - edge), c.place.randint(edge, c.height - edge)
        c.pen.ellipse((x, y, x + c.u(4), y + c.u(3)), fill=mix(back, "#000000", 0.1))
    head = _heading(c, v.title, "title", c.u(90), "#2a2018")
    foot = _heading(c, v.footer, "footer", c.u(60), "#2a2018", 18)
    top, bottom = edge + c.u(16), c.height - edge - c.u(16)
    for column, y in ((head, top), (foot, bottom - foot.height)):
        if column.rows:
            strip = (c.u(48), y - c.u(5), c.width - c.u(48), y + column.height + c.u(5))
            c.card(strip, "#fffaf0", c.u(3), blur=5)
            c.column(column, c.u(60), y, c.width - c.u(120))
    top += head.height + (c.u(22) if head.rows else 0)
    bottom -= foot.height + (c.u(20) if foot.rows else 0)
    role = c.style.choice(("hand", "sans"))
    count = max(1, len(v.lines))
    across = {1: 1, 2: 2, 3: 3, 4: 2}.get(count, 3 if count <= 6 else 4)
    down = math.ceil(count / across)
    space, left, right = c.u(16), edge + c.u(20), c.width - edge - c.u(20)
    high = (bottom - top - (down - 1) * space) // down
    slots: list[Box] = []
    for n in range(len(v.lines)):
        in_row = min(across, count - n // across * across)
        wide = (right - left - (in_row - 1) * space) // in_row
        x, y = left + n % across * (wide + space), top + n // across * (high + space)
        slots.append((x, y, x + wide, y + high))
    notes = [_note(c, line, n, role, slots[n]) for n, line in enumerate(v.lines)]
    columns = fit_all(notes, high - c.u(44))
    for n, (slot, column) in enumerate(zip(slots, columns, strict=True)):
        _pin(c, column, n, slot)


def _note(c: Canvas, line: str, n: int, role: str, slot: Box) -> Callable[[float], Column]:
    """Lays out the words of one note."""
    width = slot[2] - slot[0] - c.u(32)

    def lay(s: float) -> Column:
        words = parts.row(c, line, role, 26 * s, width, f"lines[{n}]", "#22201c", "center")
        return Column((words,))

    return lay


def _pin(c: Canvas, column: Column, n: int, slot: Box) -> None:
    """One pinned note, little higher than its words need, somewhere in its slot."""
    high = min(slot[3] - slot[1], column.height + c.u(86))
    y = slot[1] + c.place.randint(0, max(0, slot[3] - slot[1] - high))
    colour = NOTES[(n + c.style.randint(0, 5)) % len(NOTES)]
    c.card((slot[0], y, slot[2], y + high), colour, c.u(2), blur=6)
    x, r = (slot[0] + slot[2]) // 2, c.u(8)
    pin = ("#c8372d", "#2d62c8", "#2c8f4e", "#d39a1f")[n % 4]
    c.pen.ellipse((x - r, y + c.u(12) - r, x + r, y + c.u(12) + r), fill=pin)
    c.pen.ellipse((x - c.u(4), y + c.u(7), x, y + c.u(11)), fill="#ffffff")
    middle = y + c.u(26) + (high - c.u(34) - column.height) // 2
    c.column(column, slot[0] + c.u(16), middle, slot[2] - slot[0] - c.u(32))


def town_map(c: Canvas, v: Visual) -> None:
    """A town map with a route through the places, or the plan of a line with its stops."""
    if c.style.random() < 0.6 and 2 <= len(v.lines) <= 8:
        state = (c.style.getstate(), c.place.getstate(), c.image.copy(), len(c.texts))
        try:
            return _town(c, v)
        except FitError:  # long names need the plan's full width
            c.style.setstate(state[0])
            c.place.setstate(state[1])
            c.image.paste(state[2])
            del c.texts[state[3] :]
    return _line(c, v)


def _frame(c: Canvas, v: Visual, ink: str) -> tuple[int, int]:
    """Draws title and footer on white strips; returns what lies between, (top, bottom)."""
    head = _heading(c, v.title, "title", c.u(90), ink, 28)
    foot = _heading(c, v.footer, "footer", c.u(60), ink, 19)
    top, bottom = 0, c.height
    if head.rows:
        top = head.height + c.u(22)
        c.pen.rectangle((0, 0, c.width, top), fill="#ffffff")
        c.column(head, c.u(60), c.u(11), c.width - c.u(120))
    if foot.rows:
        bottom = c.height - foot.height - c.u(16)
        c.pen.rectangle((0, bottom, c.width, c.height), fill="#ffffff")
        c.column(foot, c.u(60), bottom + c.u(8), c.width - c.u(120))
    return top, bottom


def _town(c: Canvas, v: Visual) -> None:
    land, road, park, water, route = c.style.choice((
        ("#efe9dd", "#ffffff", "#c7e0b0", "#a9d2ea", "#c2352b"),
        ("#e4e9ec", "#fdfdfd", "#cfe3cf", "#9cc4dd", "#5a35b8"),
        ("#f3ead2", "#fff9ec", "#bcd39b", "#8fc0c9", "#1f5fa8"),
    ))  # fmt: skip
    c.pen.rectangle((0, 0, c.width, c.height), fill=land)
    for n in range(7):
        y, x = (
            c.u(40 + 90 * n + c.place.randint(-14, 14)),
            c.u(30 + 120 * n + c.place.randint(-20, 20)),
        )
        c.pen.line((0, y, c.width, y + c.u(c.place.randint(-40, 40))), fill=road, width=c.u(13))
        c.pen.line((x, 0, x + c.u(c.place.randint(-60, 60)), c.height), fill=road, width=c.u(13))
    for colour in (park, park, water):
        x, y = c.u(c.place.randint(20, 560)), c.u(c.place.randint(60, 400))
        across, down = c.u(c.place.randint(110, 190)), c.u(c.place.randint(70, 130))
        c.pen.rounded_rectangle((x, y, x + across, y + down), c.u(30), fill=colour)
    top, bottom = _frame(c, v, "#2a2f35")
    count = len(v.lines)
    step = (c.width - c.u(48)) / count
    middle, reach = (top + bottom) // 2, (bottom - top) // 2
    # Neighbours alternate between an upper and a lower lane, so that a name has two steps of room.
    room = min(round(2 * step) - c.u(22), c.u(330)) if count > 1 else c.u(400)
    tall = round(reach * 0.7) - c.u(44)
    points, names = [], []
    for n, place in enumerate(v.lines):
        x = round(c.u(24) + (n + 0.5) * step)
        upper = n % 2 == 0
        drift = round(reach * c.place.uniform(0.08, 0.3))
        points.append((x, middle - drift if upper else middle + drift))
        names.append(_name(c, place, n, room - c.u(20), tall))
    c.pen.line(points, fill=mix(route, "#ffffff", 0.75), width=c.u(16), joint="curve")
    c.pen.line(points, fill=route, width=c.u(8), joint="curve")
    for n, ((x, y), block) in enumerate(zip(points, names, strict=True)):
        r = c.u(13 if n in (0, count - 1) else 10)
        c.pen.ellipse((x - r, y - r, x + r, y + r), fill="#ffffff", outline=route, width=c.u(5))
        left = min(max(x - block.width // 2 - c.u(9), c.u(8)), c.width - block.width - c.u(26))
        high = block.height + c.u(8)
        over = y - c.u(22) - high if n % 2 == 0 else y + c.u(22)
        c.card((left, over, left + block.width + c.u(18), over + high), "#ffffff", c.u(8), blur=4)
        c.put(Cell(block, "#20252b", 0, block.width, "center"), left + c.u(9), over + c.u(4))


def _name(c: Canvas, place: str, n: int, width: int, tall: int) -> Block:
    def lay(s: float) -> Column:
        return Column((parts.row(c, place, "bold", 22 * s, width, f"lines[{n}]", "#20252b"),))

    return fit(lay, tall, (1.2, 1.1, 1.0, 0.9, 0.8, 0.7)).blocks[0]


def _line(c: Canvas, v: Visual) -> None:
    colour, pale = c.style.choice(
        (("#0f6f8c", "#e9f3f5"), ("#b23a48", "#f8eeee"), ("#3f7d20", "#f0f5ea"))
    )
    c.gradient((0, 0, c.width, c.height), "#ffffff", pale)
    top, bottom = _frame(c, v, "#20252b")
    x, width = c.u(150), c.width - c.u(210)

    def lay(s: float) -> Column:
        rows = []
        for n, line in enumerate(v.lines):
            block = c.block(line, "bold", 25 * s, width, f"lines[{n}]")
            rows.append(Row((Cell(block, "#20252b"),), c.u(20 * s if n else 0)))
        return Column(tuple(rows))

    column = fit(lay, bottom - top - c.u(50))
    y = top + (bottom - top - column.height) // 2
    spots = _middles(column, y)
    rail = c.u(100)
    if len(spots) > 1:
        c.pen.line((rail, spots[0], rail, spots[-1]), fill=colour, width=c.u(10))
    for spot in spots:
        r = c.u(12)
        c.pen.ellipse((rail - r, spot - r, rail + r, spot + r), "#ffffff", colour, c.u(5))
    c.column(column, x, y, width)


def _middles(column: Column, y: int) -> list[int]:
    found = []
    for row in column.rows:
        y += row.before
        found.append(y + row.height // 2)
        y += row.height
    return found
