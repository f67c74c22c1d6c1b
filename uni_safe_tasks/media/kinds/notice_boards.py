"""Boards with several things on them: pinned notes."""

from __future__ import annotations

import math
from collections.abc import Callable

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Box, Column, fit, fit_all
from uni_safe_tasks.scenario.schema import Visual

NOTES = ("#fff3a8", "#ffd9c2", "#d6efc9", "#cfe6f7", "#f3d4ea", "#ffffff")


def heading(c: Canvas, text: str, field: str, room: int, ink: str, size: float = 30) -> Column:
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
    head = heading(c, v.title, "title", c.u(90), "#2a2018")
    foot = heading(c, v.footer, "footer", c.u(60), "#2a2018", 18)
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
