"""Small printed things: identity cards and product labels."""

from __future__ import annotations

from collections.abc import Callable

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Align, Cell, Column, Row, fit
from uni_safe_tasks.scenario.schema import Visual

Lay = Callable[[float], Column]


def id_card(c: Canvas, v: Visual) -> None:
    """An identity card, badge or pass with a blank portrait left or right."""
    p, left_photo, chip = parts.light(c), c.style.random() < 0.6, c.style.random() < 0.5
    parts.desk(c)
    box = (c.u(44), c.u(48), c.width - c.u(44), c.height - c.u(48))
    photo = c.u(176)
    width = box[2] - box[0] - photo - c.u(88)
    across = box[2] - box[0] - c.u(56)
    head = fit(lambda s: _head(c, v, s, across), c.u(110), (1.2, 1.0, 0.85, 0.7, 0.6, 0.5))
    bar = head.height + c.u(24)

    def lay(s: float) -> Column:
        rows = []
        for n, line in enumerate(v.lines):
            label, value = parts.pair(line)
            name, before = f"lines[{n}]", 9 * s
            if label:
                rows.append(parts.row(c, label, "sans", 15 * s, width, name, p.soft, before=before))
                before = 0
            if value:
                rows.append(parts.row(c, value, "bold", 24 * s, width, name, p.ink, before=before))
        if v.footer:
            rows.append(
                parts.row(c, v.footer, "sans", 16 * s, width, "footer", p.soft, before=14 * s)
            )
        return Column(tuple(rows))

    body = _beside(c, v, p, width, box[3] - box[1] - bar - c.u(30)) or fit(
        lay, box[3] - box[1] - bar - c.u(30)
    )
    c.card(box, p.card, c.u(24))
    c.gradient((box[0], box[1] + bar, box[2], box[3] - c.u(24)), p.card, p.tint)
    c.pen.rounded_rectangle((box[0], box[3] - c.u(60), box[2], box[3]), c.u(24), fill=p.tint)
    c.gradient((box[0], box[3] - c.u(62), box[2], box[3] - c.u(26)), p.tint, p.tint)
    c.pen.rounded_rectangle((box[0], box[1], box[2], box[1] + bar), c.u(24), fill=p.accent)
    c.pen.rectangle((box[0], box[1] + bar // 2, box[2], box[1] + bar), fill=p.accent)
    c.column(head, box[0] + c.u(28), box[1] + c.u(12), across)
    px = box[0] + c.u(30) if left_photo else box[2] - c.u(30) - photo
    py, high = box[1] + bar + c.u(24), c.u(212)
    c.pen.rounded_rectangle(
        (px, py, px + photo, py + high), c.u(8), fill=mix(p.accent, "#ffffff", 0.72)
    )
    _portrait(c, px, py, photo, high, mix(p.accent, "#ffffff", 0.25))
    if chip and py + high + c.u(70) < box[3]:
        area = (px, py + high + c.u(18), px + c.u(66), py + high + c.u(66))
        c.pen.rounded_rectangle(area, c.u(8), fill="#d8b65a", outline="#a8862f", width=c.u(2))
        c.pen.line(
            (area[0], (area[1] + area[3]) // 2, area[2], (area[1] + area[3]) // 2),
            "#a8862f",
            c.u(2),
        )
    elif py + high + c.u(70) < box[3]:
        parts.barcode(c, (px, py + high + c.u(18), px + photo, py + high + c.u(58)), p.ink)
    x = px + photo + c.u(28) if left_photo else box[0] + c.u(30)
    c.column(body, x, py - c.u(9), width)


def _head(c: Canvas, v: Visual, s: float, width: int) -> Column:
    if not v.title:
        return Column((parts.gap(c, 26),))
    return Column((parts.row(c, v.title, "black", 32 * s, width, "title", "#ffffff"),))


def _beside(c: Canvas, v: Visual, p: parts.Palette, width: int, room: int) -> Column | None:
    """Two columns of fields, when there are many; None where one column reads better."""
    pairs = [parts.pair(line) for line in v.lines]
    if len(pairs) < 6 or not all(label and len(value) < 24 for label, value in pairs):
        return None
    half = (width - c.u(16)) // 2

    def lay(s: float) -> Column:
        rows = []
        for n in range(0, len(pairs), 2):
            couple = list(enumerate(pairs[n : n + 2], n))
            heads, bodies = [], []
            for m, (label, value) in couple:
                x, name = (m - n) * (half + c.u(16)), f"lines[{m}]"
                heads.append(Cell(c.block(label, "sans", 15 * s, half, name), p.soft, x))
                bodies.append(Cell(c.block(value, "bold", 24 * s, half, name), p.ink, x))
            rows += [Row(tuple(heads), before=c.u(12 * s)), Row(tuple(bodies))]
        if v.footer:
            rows.append(
                parts.row(c, v.footer, "sans", 16 * s, width, "footer", p.soft, before=14 * s)
            )
        return Column(tuple(rows))

    return fit(lay, room)


def _portrait(c: Canvas, x: int, y: int, wide: int, high: int, colour: str) -> None:
    """A faceless head and shoulders: no card here shows a person."""
    c.pen.ellipse((x + wide * 0.3, y + high * 0.16, x + wide * 0.7, y + high * 0.56), fill=colour)
    c.pen.chord((x + wide * 0.12, y + high * 0.62, x + wide * 0.88, y + high * 1.38), 180, 360,
                fill=colour)  # fmt: skip


def label(c: Canvas, v: Visual) -> None:
    """A product label: a printed box, or a paper label on a jar."""
    p = parts.light(c)
    c.gradient((0, 0, c.width, c.height), mix(p.back, "#ffffff", 0.3), mix(p.back, p.accent, 0.4))
    wordy = max(map(len, v.lines), default=0) > 110
    _jar(c, v, p) if c.style.random() < 0.5 and not wordy else _carton(c, v, p)


def _words(c: Canvas, v: Visual, p: parts.Palette, role: str, align: Align, width: int) -> Lay:
    """Lays out all but the title."""

    def lay(s: float) -> Column:
        rows: list[Row] = []
        for n, line in enumerate(v.lines):
            name, before = f"lines[{n}]", 10 * s if rows else 0
            rows.append(parts.row(c, line, role, 25 * s, width, name, p.ink, align, before))
        if v.footer:
            foot = parts.row(c, v.footer, role, 19 * s, width, "footer", p.soft, align, 16 * s)
            rows.append(foot)
        return Column(tuple(rows))

    return lay


def _jar(c: Canvas, v: Visual, p: parts.Palette) -> None:
    half, middle = c.u(262), c.width // 2
    width = 2 * half - c.u(64)
    words = _words(c, v, p, "serif", "center", width)

    def lay(s: float) -> Column:
        if not v.title:
            return words(s)
        head = parts.row(c, v.title, "serif-bold", 44 * s, width, "title", p.accent, "center")
        return Column((head, parts.gap(c, 16 * s), *words(s).rows))

    column = fit(lay, c.height - c.u(130))
    glass = (middle - half - c.u(28), c.u(8), middle + half + c.u(28), c.height - c.u(8))
    c.card(glass, mix(p.accent, "#ffffff", 0.55), c.u(60))
    lid = (glass[0] + c.u(40), glass[1], glass[2] - c.u(40), glass[1] + c.u(22))
    c.pen.rectangle(lid, fill=p.accent)
    top = (c.height + c.u(14) - column.height) // 2
    box = (middle - half, top - c.u(28), middle + half, top + column.height + c.u(28))
    c.pen.rounded_rectangle(box, c.u(14), fill=p.card, outline=p.accent, width=c.u(4))
    inner = (box[0] + c.u(9), box[1] + c.u(9), box[2] - c.u(9), box[3] - c.u(9))
    c.pen.rounded_rectangle(inner, c.u(8), outline=p.accent, width=c.u(1.5))
    c.column(column, middle - width // 2, top, width)


def _carton(c: Canvas, v: Visual, p: parts.Palette) -> None:
    box = (c.u(44), c.u(26), c.width - c.u(44), c.height - c.u(26))
    x, width = box[0] + c.u(34), box[2] - box[0] - c.u(68)

    def head(s: float) -> Column:
        row = parts.row(c, v.title, "black", 46 * s, width, "title", "#ffffff")
        return Column((row,) if v.title else ())

    title = fit(head, c.u(150), (1.2, 1.1, 1, 0.9, 0.8, 0.7, 0.6, 0.5))
    band = title.height + c.u(36)
    body = fit(_words(c, v, p, "sans", "left", width), box[3] - box[1] - band - c.u(100))
    c.card(box, p.card, c.u(6))
    c.pen.rectangle((box[0], box[1], box[2], box[1] + band), fill=p.accent)
    c.pen.rectangle((box[0], box[1] + band, box[2], box[1] + band + c.u(8)), fill=p.tint)
    c.column(title, x, box[1] + c.u(18), width)
    c.column(body, x, box[1] + band + c.u(26), width)
    parts.barcode(c, (x, box[3] - c.u(58), x + c.u(170), box[3] - c.u(16)), p.ink)
    ring = (box[2] - c.u(84), box[3] - c.u(64), box[2] - c.u(34), box[3] - c.u(14))
    c.pen.ellipse(ring, outline=p.accent, width=c.u(5))
