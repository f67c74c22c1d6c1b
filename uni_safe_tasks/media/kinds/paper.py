"""Kinds on paper that lie on a desk: letters by e-mail, forms, receipts, handwriting."""

from __future__ import annotations

from uni_safe_tasks.media.draw import fonts
from uni_safe_tasks.media.draw import ornaments as parts
from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.media.draw.text_layout import Align, Box, Cell, Column, Row, fit
from uni_safe_tasks.scenario.schema import Visual

HEADERS = ("from", "to", "cc", "date", "subject", "sent", "reply-to")


def email(c: Canvas, v: Visual) -> None:
    """An e-mail: subject, sender with a badge, body; in a window or as a printed page."""
    p, printed = parts.light(c), c.style.random() < 0.4
    c.gradient((0, 0, c.width, c.height), p.back, mix(p.back, p.accent, 0.25))
    box = (c.u(28), c.u(22), c.width - c.u(28), c.height - c.u(22))
    c.card(box, p.card, c.u(0 if printed else 12))
    bar = 0 if printed else c.u(38)
    if printed:
        c.pen.rectangle((box[0], box[1], box[2], box[1] + c.u(10)), fill=p.accent)
    else:
        window(c, box, bar, p.tint)
    x, width = box[0] + c.u(30), box[2] - box[0] - c.u(60)
    top, bottom = box[1] + bar + c.u(20), box[3] - c.u(20)
    role = "serif" if printed else "sans"

    def lay(s: float) -> Column:
        rows = []
        if v.title:
            rows.append(parts.row(c, v.title, "bold", 30 * s, width, "title", p.ink))
            rows.append(parts.gap(c, 10 * s))
        heads = True
        for n, line in enumerate(v.lines):
            label, value = parts.pair(line)
            heads = heads and label.lower() in HEADERS
            if heads:
                head = "bold" if label.lower() == "from" else "sans"
                shown = f"{label}: {value}"
                rows.append(parts.row(c, shown, head, 20 * s, width, f"lines[{n}]", p.soft))
                continue
            if n and parts.pair(v.lines[n - 1])[0].lower() in HEADERS:
                rows.append(ruled(c, p.rule, 24 * s))
            rows.append(parts.row(c, line, role, 23 * s, width, f"lines[{n}]", p.ink, before=9 * s))
        if v.footer:
            rows.append(ruled(c, p.rule, 24 * s))
            rows.append(parts.row(c, v.footer, "sans", 18 * s, width, "footer", p.soft))
        return Column(tuple(rows))

    c.column(fit(lay, bottom - top), x, top, width)


def window(c: Canvas, box: Box, bar: int, colour: str) -> None:
    """The title bar of a program's window, with three buttons."""
    c.pen.rounded_rectangle((box[0], box[1], box[2], box[1] + bar), c.u(12), fill=colour)
    c.pen.rectangle((box[0], box[1] + bar // 2, box[2], box[1] + bar), fill=colour)
    for n, dot in enumerate(("#e8645a", "#e9b44a", "#5bb974")):
        x, y, r = box[0] + c.u(24 + 24 * n), box[1] + bar // 2, c.u(7)
        c.pen.ellipse((x - r, y - r, x + r, y + r), fill=dot)


def ruled(c: Canvas, colour: str, height: float) -> Row:
    """A row that holds one thin line across."""

    def rule(box: Box) -> None:
        y = (box[1] + box[3]) // 2
        c.pen.line((box[0], y, box[2], y), fill=colour, width=c.u(1.5))

    return Row(least=c.u(max(6, height)), backing=rule)


def form(c: Canvas, v: Visual) -> None:
    """A form: boxed values beside or above their labels; blank values stay blank boxes."""
    p, beside = parts.light(c), c.style.random() < 0.5
    parts.desk(c)
    box = (c.u(36), c.u(18), c.width - c.u(36), c.height - c.u(18))
    c.card(box, p.card, c.u(4))
    c.pen.rectangle((box[0], box[1], box[0] + c.u(12), box[3]), fill=p.accent)
    x, width = box[0] + c.u(38), box[2] - box[0] - c.u(66)

    def field(n: int, line: str, s: float) -> list[Row]:
        label, value = parts.pair(line)
        name, edge = f"lines[{n}]", c.u(10)
        if not label:
            return [parts.row(c, line, "sans", 20 * s, width, name, p.ink, before=8 * s)]

        def frame(area: Box) -> None:
            left = area[0] + (width * 2 // 5 if beside else 0)
            c.pen.rounded_rectangle((left, area[1], area[2], area[3]), c.u(4), fill=p.tint,
                                    outline=p.rule, width=c.u(2))  # fmt: skip

        if beside:
            first = c.block(label, "bold", 19 * s, width * 2 // 5 - edge, name)
            second = c.block(value, "sans", 21 * s, width * 3 // 5 - 2 * edge, name)
            cells = (Cell(first, p.soft), Cell(second, p.ink, width * 2 // 5 + edge))
            return [Row(cells, c.u(9 * s), c.u(5 * s), c.u(34 * s), frame)]
        head = parts.row(c, label, "bold", 16 * s, width, name, p.soft, before=6 * s)
        block = c.block(value, "sans", 21 * s, width - 2 * edge, name)
        return [head, Row((Cell(block, p.ink, edge),), 0, c.u(4 * s), c.u(30 * s), frame)]

    def lay(s: float) -> Column:
        rows = []
        if v.title:
            rows.append(parts.row(c, v.title, "black", 30 * s, width, "title", p.accent))
            rows.append(ruled(c, p.accent, 16 * s))
        for n, line in enumerate(v.lines):
            rows.extend(field(n, line, s))
        if v.footer:
            rows.append(
                parts.row(c, v.footer, "sans", 17 * s, width, "footer", p.soft, before=12 * s)
            )
        return Column(tuple(rows))

    room = box[3] - box[1] - c.u(36)
    c.column(fit(lay, room), x, box[1] + c.u(18), width)


def receipt(c: Canvas, v: Visual) -> None:
    """A till receipt with a torn edge, or a wider invoice; prices stand at the right."""
    p, invoice = parts.light(c), c.style.random() < 0.4
    parts.desk(c)
    role = "sans" if invoice else "mono"
    bold = "bold" if invoice else "mono-bold"
    wordy = max(map(len, v.lines), default=0) > 110
    half = c.u(350 if wordy else 290 if invoice else 235 if c.letter == c.unit else 285)
    width = 2 * half - c.u(56)
    ink, paper = ("#1f2328", "#fffefa") if not invoice else (p.ink, p.card)

    def lay(s: float) -> Column:
        rows = []
        if v.title:
            colour = p.accent if invoice else ink
            align: Align = "left" if invoice else "center"
            rows.append(parts.row(c, v.title, bold, 30 * s, width, "title", colour, align))
            rows.append(ruled(c, ink, 18 * s))
        for n, line in enumerate(v.lines):
            label, value = parts.pair(line)
            rows.append(priced(c, label, value, role, 20 * s, width, f"lines[{n}]", ink, 7 * s))
        if v.footer:
            label, value = parts.pair(v.footer)
            rows.append(ruled(c, ink, 22 * s))
            rows.append(priced(c, label, value, bold, 24 * s, width, "footer", ink, 0))
        return Column(tuple(rows))

    column = fit(lay, c.height - c.u(120))
    top = (c.height - column.height) // 2 - c.u(36)
    left, right = c.width // 2 - half, c.width // 2 + half
    bottom = top + column.height + c.u(72)
    c.card((left, top, right, bottom), paper)
    if not invoice:
        tooth = c.u(14)
        for x in range(left, right, tooth):
            end = min(x + tooth, right)
            c.pen.polygon(
                [(x, bottom), (end, bottom), ((x + end) // 2, bottom + tooth // 2)], paper
            )
    c.column(column, left + c.u(28), top + c.u(28), width)
    mark = (left + c.u(28), bottom - c.u(32), right - c.u(28), bottom - c.u(8))
    parts.barcode(c, mark, mix(paper, ink, 0.75))


def priced(c: Canvas, label: str, value: str, role: str, size: float, width: int, field: str,
           ink: str, before: float) -> Row:  # fmt: skip
    """What was bought at the left, what it cost at the right."""
    if not label or not value:
        return parts.row(c, label or value, role, size, width, field, ink, before=before)
    # A short label leaves more than half to a long value, such as a card number.
    natural = c.block(label, role, size, width, field).width
    share = max(min(natural, width // 2), 2 * c.floor) + c.u(16)
    price = c.block(value, role, size, width - share, field)
    room = width - price.width - c.u(16)
    cells = (
        Cell(c.block(label, role, size, room, field), ink),
        Cell(price, ink, 0, width, "right"),
    )
    return Row(cells, before=c.u(before))


def handwriting(c: Canvas, v: Visual) -> None:
    """A handwritten page: ruled, squared or a sticky note, in blue or black ink."""
    parts.desk(c)
    looks = (
        ("#fffdf2", "#9fc0dd"),
        ("#fdf6b2", ""),
        ("#ffffff", "#cfd8dc"),
        ("#f7efe0", "#d9c7a8"),
    )
    paper, lines = c.style.choice(looks)
    ink = c.style.choice(("#1b2f7a", "#1f1f24", "#243b6b", "#4a1d3a"))
    role = c.style.choice(("hand", "hand", "script"))
    if not fonts.covers(role, v.title + v.footer + "".join(v.lines)):
        role = "hand"  # one hand wrote it all
    large = 1.12 if role == "script" else 1.0
    box = (c.u(60), c.u(20), c.width - c.u(60), c.height - c.u(20))
    x, width = box[0] + c.u(64), box[2] - box[0] - c.u(92)
    texts = [("title", v.title)] if v.title else []
    texts += [(f"lines[{n}]", line) for n, line in enumerate(v.lines)]
    texts += [("footer", v.footer)] if v.footer else []

    def underlined(row_box: Box) -> None:
        c.pen.line((row_box[0], row_box[3], row_box[2], row_box[3]), fill=lines, width=c.u(1.5))

    def lay(s: float) -> Column:
        rows: list[Row] = []
        for field, text in texts:
            size = (36 if field == "title" else 29) * s * large
            block = c.block(text, role, size, width, field, leading=1.3)
            for n, line in enumerate(block.lines):
                one = type(block)(field, (line,), block.font, block.leading, 0, block.broken)
                before = c.u(9 * s) if n == 0 and rows else 0
                rows.append(Row((Cell(one, ink),), before, backing=underlined if lines else None))
        return Column(tuple(rows))

    column = fit(lay, box[3] - box[1] - c.u(48))
    c.card(box, paper, c.u(3))
    if lines == "#9fc0dd":
        edge = x - c.u(18)
        c.pen.line((edge, box[1], edge, box[3]), fill="#e39a9a", width=c.u(2))
        for y in range(box[1] + c.u(60), box[3], c.u(130)):
            c.pen.ellipse((box[0] + c.u(12), y, box[0] + c.u(30), y + c.u(18)), fill="#b9aa97")
    c.column(column, x, box[1] + c.u(24), width)
    pitch = column.rows[-1].height
    start = box[1] + c.u(24) + column.height + pitch
    for y in range(start, box[3] - c.u(12), pitch) if lines else ():
        underlined((x, y, x + width, y))
