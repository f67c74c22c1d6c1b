"""Street maps: numbered places along a route, named at their pins or in a legend."""

from __future__ import annotations

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas
from uni_safe_tasks.media.draw.text_layout import Cell, Column, FitError, Row, fit
from uni_safe_tasks.media.kinds.notice_boards import heading
from uni_safe_tasks.media.kinds.streets import GROUNDS, Ground, compass, pin, route, town
from uni_safe_tasks.scenario.schema import Visual

INK = "#20252b"
#: More places than this, or longer words, are named in a legend.
AT_PINS = 5


def town_map(c: Canvas, v: Visual) -> None:
    """A street map with a route through the places, in the order of the lines."""
    g = c.style.choice(GROUNDS)
    if 1 <= len(v.lines) <= AT_PINS and max(map(len, v.lines)) <= 44:
        state = (c.style.getstate(), c.image.copy(), len(c.texts))
        try:
            return _at_pins(c, v, g)
        except FitError:
            c.style.setstate(state[0])
            c.image.paste(state[1])
            del c.texts[state[2] :]
    return _legend(c, v, g)


def _frame(c: Canvas, v: Visual) -> tuple[int, int]:
    """Draws title and footer on white strips; returns what lies between, (top, bottom)."""
    head = heading(c, v.title, "title", c.u(90), INK, 28)
    foot = heading(c, v.footer, "footer", c.u(60), INK, 19)
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


def _named(c: Canvas, line: str, n: int, width: int, s: float) -> list[Row]:
    """The rows of one place: its name, and below it the note."""
    name, note = parts.pair(line)
    name, note = (note, "") if not name else (name, note)
    rows = [parts.row(c, name, "bold", 20 * s, width, f"lines[{n}]", INK, leading=1.15)]
    if note:
        rows.append(parts.row(c, note, "sans", 18 * s, width, f"lines[{n}]", INK, leading=1.15))
    return rows


def _at_pins(c: Canvas, v: Visual, g: Ground) -> None:
    """Places lie in turn on an upper and a lower street, their names outside of both."""
    top, bottom = _frame(c, v)
    count = len(v.lines)
    step = (c.width - c.u(40)) / count
    high = bottom - top
    upper, lower = top + round(high * 0.4), top + round(high * 0.6)
    spots = [
        (round(c.u(20) + (n + 0.5) * step), upper if n % 2 == 0 else lower) for n in range(count)
    ]
    outer = [top + round(high * 0.12), bottom - round(high * 0.12)]
    town(c, g, (0, top, c.width, bottom), [x for x, _ in spots], sorted([*outer, upper, lower]))
    route(c, g, spots)
    room = min(round(2 * step) - c.u(26), c.u(300)) if count > 1 else c.u(420)
    tall = round(high * 0.4) - c.u(46)
    for n, (x, y) in enumerate(spots):
        column = fit(
            lambda s, n=n: Column(tuple(_named(c, v.lines[n], n, room, s))),  # type: ignore[misc]
            tall, (1.15, 1.0, 0.9, 0.8, 0.7),
        )  # fmt: skip
        if any(block.broken for block in column.blocks):
            raise FitError(f"lines[{n}]: a word is too long for its place")
        wide = max(block.width for block in column.blocks)
        left = min(max(x - wide // 2 - c.u(10), c.u(6)), c.width - wide - c.u(26))
        over = y - c.u(24) - column.height - c.u(10) if n % 2 == 0 else y + c.u(24)
        box = (left, over, left + wide + c.u(20), over + column.height + c.u(10))
        c.card(box, "#ffffff", c.u(8), blur=4)
        c.column(column, left + c.u(10), over + c.u(5), wide)
        pin(c, g, x, y, n + 1)
    # A corner that no name needs: the first place lies high, the second low.
    compass(c, g, c.u(34), bottom - c.u(34))


def _legend(c: Canvas, v: Visual, g: Ground) -> None:
    """The map at the left with numbered pins, the names at the right."""
    top, bottom = _frame(c, v)
    count = max(1, len(v.lines))
    split = c.width * 44 // 100
    step = (bottom - top) / count
    xs = [split * 26 // 100, split * 70 // 100]
    ys = [top + round((n + 0.5) * step) for n in range(count)]
    c.pen.rectangle((split, top, c.width, bottom), fill="#ffffff")
    town(c, g, (0, top, split, bottom), xs, ys)
    spots = [(xs[n % 2], y) for n, y in enumerate(ys)]
    x, width = split + c.u(64), c.width - split - c.u(84)

    def lay(s: float) -> Column:
        rows: list[Row] = []
        for n, line in enumerate(v.lines):
            first, *rest = _named(c, line, n, width, s)
            before = c.u(14 * s) if n else 0
            rows += [Row(first.cells, before), *rest]
        return Column(tuple(rows))

    column = fit(lay, bottom - top - c.u(36))
    if v.lines:
        route(c, g, spots)
        for n, (px, py) in enumerate(spots):
            pin(c, g, px, py, n + 1)
    y = start = top + (bottom - top - column.height) // 2
    seen: set[str] = set()
    for row in column.rows:
        y += row.before
        cell: Cell = row.cells[0]
        if cell.block.field not in seen:
            seen.add(cell.block.field)
            middle = y + cell.block.leading // 2
            pin(c, g, split + c.u(32), middle, len(seen))
        y += row.height
    c.column(column, x, start, width)
    compass(c, g, split - c.u(34), bottom - c.u(34))
