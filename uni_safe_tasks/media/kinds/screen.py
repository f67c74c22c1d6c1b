"""Kinds on a screen: chats, web pages, posts."""

from __future__ import annotations

from dataclasses import dataclass

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Box, Cell, Column, Row, fit
from uni_safe_tasks.media.kinds.paper import ruled, window
from uni_safe_tasks.scenario.schema import Visual


@dataclass(frozen=True)
class Talk:
    """Colours of a chat: wall, header, both bubbles, and the words on each."""

    wall: str
    head: str
    theirs: str
    mine: str
    ink: str
    mine_ink: str
    name: str


TALKS = (
    Talk("#e6ddd4", "#1f6f5c", "#ffffff", "#d7f5c6", "#1c2420", "#1c2420", "#8a3d1e"),
    Talk("#fbfcfe", "#3b5bdb", "#e1e6ef", "#3b5bdb", "#1c2233", "#ffffff", "#5b3fa8"),
    Talk("#151a21", "#222b36", "#2b3541", "#1f6a8a", "#eef3f7", "#ffffff", "#8fd0e8"),
    Talk("#f7eef5", "#8c2f6b", "#ffffff", "#f3d3e6", "#2d1826", "#2d1826", "#7a2a9a"),
)


def chat(c: Canvas, v: Visual) -> None:
    """Message bubbles: "Me" on the right, the others on the left under their names."""
    t = c.style.choice(TALKS)
    c.gradient((0, 0, c.width, c.height), t.wall, mix(t.wall, t.head, 0.05))
    x, width = c.u(26), c.width - c.u(52)
    room, edge = width * 3 // 4, c.u(16)
    title, beside = v.title or "Messages", width - c.u(70)
    sides = fit(
        lambda s: Column((parts.row(c, title, "bold", 26 * s, beside, "title", "#ffffff"),)),
        c.u(90), (1, 0.85, 0.7, 0.6),
    )  # fmt: skip
    bar = max(c.u(64), sides.height + c.u(20))
    c.pen.rectangle((0, 0, c.width, bar), fill=t.head)
    parts.badge(c, x, (bar - c.u(46)) // 2, c.u(46), mix(t.head, "#ffffff", 0.3))
    c.column(sides, x + c.u(62), (bar - sides.height) // 2, width - c.u(70))

    def bubble(n: int, line: str, s: float) -> list[Row]:
        name, text = parts.pair(line)
        field, mine = f"lines[{n}]", name.lower() == "me"
        if not name or not text or len(name) > 30:
            block = c.block(line, "sans", 18 * s, width, field)
            grey = mix(t.ink, t.wall, 0.25)
            return [Row((Cell(block, grey, 0, width, "center"),), c.u(10 * s), c.u(2))]
        block = c.block(text, "sans", 23 * s, room - 2 * edge, field)
        wide = block.width + 2 * edge + c.u(4)
        left = width - wide if mine else 0

        def shape(area: Box) -> None:
            spot = (area[0] + left, area[1], area[0] + left + wide, area[3])
            c.pen.rounded_rectangle(spot, c.u(16), fill=t.mine if mine else t.theirs)

        ink = t.mine_ink if mine else t.ink
        cell = Cell(block, ink, left + edge)
        said = Row((cell,), c.u((9 if mine else 1) * s), c.u(7 * max(s, 0.7)), backing=shape)
        if mine:
            return [said]
        return [parts.row(c, name, "bold", 16 * s, room, field, t.name, before=8 * s), said]

    def lay(s: float) -> Column:
        rows = [r for n, line in enumerate(v.lines) for r in bubble(n, line, s)]
        if v.footer:
            grey = mix(t.ink, t.wall, 0.2)
            rows.append(
                parts.row(c, v.footer, "sans", 17 * s, width, "footer", grey, "center", 10 * s)
            )
        return Column(tuple(rows))

    c.column(fit(lay, c.height - bar - c.u(26)), x, bar + c.u(8), width)


def webpage(c: Canvas, v: Visual) -> None:
    """A browser window with an article; the footer names the site."""
    p = c.style.choice(parts.LIGHT) if c.style.random() < 0.75 else c.style.choice(parts.DARK)
    role = c.style.choice(("sans", "serif"))
    heavy = "black" if role == "sans" else "serif-bold"
    c.gradient((0, 0, c.width, c.height), p.back, mix(p.back, p.accent, 0.35))
    box = (c.u(18), c.u(14), c.width - c.u(18), c.height - c.u(14))
    c.card(box, p.card, c.u(12))
    bar = c.u(44)
    window(c, box, bar, mix(p.card, p.soft, 0.2))
    address = (box[0] + c.u(120), box[1] + c.u(8), box[2] - c.u(28), box[1] + bar - c.u(8))
    c.pen.rounded_rectangle(address, c.u(14), fill=p.card)
    hero = c.style.random() < 0.5
    strip = c.u(34 if hero else 12)
    c.gradient(
        (box[0], box[1] + bar, box[2], box[1] + bar + strip),
        p.accent,
        mix(p.accent, p.card, 0.3),
        True,
    )
    x, width = box[0] + c.u(34), box[2] - box[0] - c.u(68)
    top = box[1] + bar + strip + c.u(14)

    def lay(s: float) -> Column:
        rows = []
        if v.title:
            rows.append(parts.row(c, v.title, heavy, 36 * s, width, "title", p.ink, leading=1.15))
            rows.append(parts.gap(c, 8 * s))
        for n, line in enumerate(v.lines):
            rows.append(
                parts.row(c, line, role, 23 * s, width, f"lines[{n}]", p.ink, before=10 * s)
            )
        if v.footer:
            rows.append(ruled(c, p.rule, 26 * s))
            rows.append(parts.row(c, v.footer, "sans", 18 * s, width, "footer", p.soft))
        return Column(tuple(rows))

    c.column(fit(lay, box[3] - top - c.u(14)), x, top, width)


def post(c: Canvas, v: Visual) -> None:
    """A post on a social network, with its count of likes."""
    p = c.style.choice(parts.LIGHT if c.style.random() < 0.65 else parts.DARK)
    filled = c.style.random() < 0.35
    c.gradient((0, 0, c.width, c.height), p.back, mix(p.back, p.accent, 0.45))
    half = c.u(330)
    x, width = c.width // 2 - half + c.u(30), 2 * half - c.u(60)
    ink, card, soft = ("#ffffff", p.accent, "#ffffff") if filled else (p.ink, p.card, p.soft)

    def lay(s: float) -> Column:
        rows = []
        handle = c.block(v.title or "someone", "bold", 25 * s, width - c.u(72), "title")
        face = c.u(54)

        def badge(area: Box) -> None:
            spot = (area[1] + area[3] - face) // 2
            parts.badge(c, area[0], spot, face, mix(p.accent, "#000000", 0.2))

        down = max(0, (face - handle.height) // 2)
        rows.append(Row((Cell(handle, ink, c.u(70), y=down),), 0, 0, face, badge))
        rows.append(parts.gap(c, 10 * s))
        for n, line in enumerate(v.lines):
            rows.append(parts.row(c, line, "sans", 28 * s, width, f"lines[{n}]", ink, before=9 * s))
        if v.footer:
            rows.append(ruled(c, mix(card, soft, 0.35), 26 * s))
            count = c.block(v.footer, "bold", 19 * s, width - c.u(40), "footer")
            rows.append(Row((Cell(count, soft, c.u(36)),), 0, 0, c.u(28), heart))
        return Column(tuple(rows))

    def heart(area: Box) -> None:
        left, top, r = area[0], area[1] + c.u(5), c.u(7)
        red = "#ffd5de" if filled else "#e0355b"
        c.pen.ellipse((left, top, left + 2 * r, top + 2 * r), fill=red)
        c.pen.ellipse((left + 2 * r - c.u(2), top, left + 4 * r - c.u(2), top + 2 * r), fill=red)
        tip = (left + 2 * r - c.u(1), top + c.u(24))
        c.pen.polygon(
            [(left + c.u(1), top + c.u(10)), (left + 4 * r - c.u(3), top + c.u(10)), tip], red
        )

    column = fit(lay, c.height - c.u(84))
    top = (c.height - column.height) // 2
    box = (c.width // 2 - half, top - c.u(26), c.width // 2 + half, top + column.height + c.u(26))
    c.card(box, card, c.u(20))
    c.column(column, x, top, width)
