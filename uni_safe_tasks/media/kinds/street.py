"""What hangs outdoors: signs, posters; and the word cards of films."""

from __future__ import annotations

from collections.abc import Callable

from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Box, Column, fit
from uni_safe_tasks.scenario.schema import Visual


def centred(
    c: Canvas, v: Visual, width: int, sizes: tuple[float, float], ink: str, minor: str,
    faces: tuple[str, str] = ("black", "sans"),
) -> Callable[[float], Column]:  # fmt: skip
    """Lays out title, lines and footer, all centred; `sizes` and `faces` for title and lines."""

    def lay(s: float) -> Column:
        rows = []
        if v.title:
            rows.append(
                parts.row(
                    c, v.title, faces[0], sizes[0] * s, width, "title", ink, "center", 0, 1.15
                )
            )
        for n, line in enumerate(v.lines):
            before = 16 * s if n == 0 and rows else 7 * s
            rows.append(
                parts.row(
                    c, line, faces[1], sizes[1] * s, width, f"lines[{n}]", minor, "center", before
                )
            )
        if v.footer:
            size = sizes[1] * 0.75 * s
            rows.append(
                parts.row(c, v.footer, faces[1], size, width, "footer", minor, "center", 16 * s)
            )
        return Column(tuple(rows))

    return lay


def sign(c: Canvas, v: Visual) -> None:
    """A street sign on posts, a wooden board, or a warning plate on a wall."""
    look = c.style.choice(("road", "warning", "wood", "plate"))
    half, width = c.u(330), c.u(580)
    fill, ink, edge = {
        "road": (c.style.choice(("#1d6b43", "#1f4e9c", "#7a3d12")), "#ffffff", "#ffffff"),
        "warning": ("#ffd23c", "#1d1a10", "#1d1a10"),
        "wood": ("#9a6a3c", "#fff6e6", "#6b4522"),
        "plate": ("#fbfbf8", "#20242a", "#b3261e"),
    }[look]
    column = fit(centred(c, v, width, (64, 29), ink, ink), c.height - c.u(120))
    _outdoors(c, wall=look == "plate")
    middle = c.height // 2 - c.u(10)
    top, bottom = middle - column.height // 2 - c.u(36), middle + (column.height + 1) // 2 + c.u(36)
    box = (
        c.width // 2 - half,
        max(c.u(8), top),
        c.width // 2 + half,
        min(bottom, c.height - c.u(8)),
    )
    if look != "plate":
        for x in (box[0] + c.u(110), box[2] - c.u(130)):
            post = (x, box[1] + c.u(20), x + c.u(20), c.height)
            c.pen.rectangle(post, fill="#5f646b" if look != "wood" else "#5d3d20")
    c.card(box, edge, c.u(18))
    inner = (box[0] + c.u(7), box[1] + c.u(7), box[2] - c.u(7), box[3] - c.u(7))
    c.pen.rounded_rectangle(inner, c.u(13), fill=fill)
    if look == "wood":
        for y in range(inner[1] + c.u(40), inner[3] - c.u(10), c.u(58)):
            c.pen.line((inner[0], y, inner[2], y), fill=mix(fill, "#000000", 0.14), width=c.u(2))
    c.column(column, c.width // 2 - width // 2, middle - column.height // 2, width)


def _outdoors(c: Canvas, wall: bool) -> None:
    """Sky over a meadow, or bricks."""
    if wall:
        brick = c.style.choice(("#a65a48", "#b9b2a6", "#8d9aa5"))
        c.pen.rectangle((0, 0, c.width, c.height), fill=mix(brick, "#ffffff", 0.35))
        for n, y in enumerate(range(0, c.height, c.u(36))):
            for x in range(-c.u(45) * (n % 2), c.width, c.u(90)):
                shade = mix(brick, "#000000", 0.1 * c.place.random())
                c.pen.rectangle((x, y, x + c.u(86), y + c.u(32)), fill=shade)
        return
    sky = c.style.choice(("#8fc3ea", "#f2c9a1", "#b9c6d2"))
    c.gradient((0, 0, c.width, c.height), sky, mix(sky, "#ffffff", 0.7))
    land = c.style.choice(("#6f9c5a", "#8aa864", "#8b8d8f"))
    c.pen.ellipse((-c.u(200), c.u(430), c.u(560), c.u(900)), fill=mix(land, "#ffffff", 0.2))
    c.gradient((0, c.height - c.u(90), c.width, c.height), land, mix(land, "#000000", 0.25))


def poster(c: Canvas, v: Visual) -> None:
    """A poster of big words with discs, stripes or rays behind them."""
    p = parts.light(c)
    dark = c.style.random() < 0.5
    back = mix(p.accent, "#000000", 0.3) if dark else p.card
    ink, minor = ("#ffffff", "#ffffff") if dark else (mix(p.accent, "#000000", 0.2), p.ink)
    c.gradient((0, 0, c.width, c.height), "#b9bdc2", "#8f959c")
    box = (c.u(30), c.u(14), c.width - c.u(30), c.height - c.u(14))
    c.card(box, back)
    _ornament(c, box, mix(back, p.accent if not dark else "#ffffff", 0.1))
    width = box[2] - box[0] - c.u(76)
    faces = c.style.choice((("black", "sans"), ("serif-bold", "serif"), ("narrow", "sans")))
    c.pen.rectangle((box[0], box[1], box[2], box[1] + c.u(16)), fill=p.accent)
    c.pen.rectangle((box[0], box[3] - c.u(16), box[2], box[3]), fill=p.accent)
    column = fit(centred(c, v, width, (66, 30), ink, minor, faces), box[3] - box[1] - c.u(64))
    y = (c.height - column.height) // 2
    c.column(column, (c.width - width) // 2, y, width)


def _ornament(c: Canvas, box: Box, colour: str) -> None:
    """Shapes in a faint colour, kept inside the box and faint enough to read over."""
    kind = c.style.choice(("discs", "stripes", "frame"))
    if kind == "frame":
        inner = (box[0] + c.u(18), box[1] + c.u(30), box[2] - c.u(18), box[3] - c.u(30))
        c.pen.rectangle(inner, outline=mix(colour, "#808080", 0.3), width=c.u(3))
    elif kind == "stripes":
        for x in range(box[0], box[2] - c.u(30), c.u(60)):
            c.pen.rectangle((x, box[1], x + c.u(30), box[3]), fill=colour)
    else:
        for _ in range(5):
            r = c.u(c.style.randint(50, 110))
            x = c.style.randint(box[0] + r, box[2] - r)
            y = c.style.randint(box[1] + r, box[3] - r)
            c.pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)


def caption(c: Canvas, v: Visual) -> None:
    """Big words on a field of colour, as between the shots of a film."""
    colour = c.style.choice([p.accent for p in parts.LIGHT])
    pale = c.style.random() < 0.35
    back = mix(colour, "#ffffff", 0.86) if pale else mix(colour, "#000000", 0.25)
    ink = mix(colour, "#000000", 0.55) if pale else "#ffffff"
    c.gradient((0, 0, c.width, c.height), mix(back, "#ffffff", 0.06), mix(back, colour, 0.3))
    width = c.width - c.u(110)
    column = fit(centred(c, v, width, (72, 36), ink, ink), c.height - c.u(130))
    y = (c.height - column.height) // 2
    half = c.u(60)
    rule = y - c.u(28)
    c.pen.rectangle((c.width // 2 - half, rule, c.width // 2 + half, rule + c.u(7)), fill=ink)
    c.column(column, (c.width - width) // 2, y, width)
