"""Picture-like scenes: objects, drawn as large emoji, standing in a setting."""

from __future__ import annotations

from PIL import Image

from uni_safe_tasks.media import fonts, parts
from uni_safe_tasks.media.backdrop import BACKDROPS, neutral
from uni_safe_tasks.media.canvas import Canvas
from uni_safe_tasks.media.layout import Column, fit
from uni_safe_tasks.suite.schema import Visual

#: What floats or flies: drawn in the upper part, and throws no shadow on the ground.
AIRY = frozenset("☁⛅🌤🌥🌦🌧🌨🌩🌪☀🌞🌙🌛🌝🌕⭐🌟✨⚡❄🌈🦅🦆🐦🕊🦜🦇🦋🐝🎈🪁🛩✈🚁🛸🚀☄🎆🎇🪂🛰💭💬🗯💡🎵🎶💨")


def symbol(line: str, field: str) -> str:
    """The emoji at the start of a scene's line.

    Raises:
        ValueError: the line starts with a plain word; names `field`.
    """
    first = line.split()[0] if line.split() else ""
    if not first or first[0].isalnum():
        raise ValueError(f"{field}: a scene's line starts with an emoji, not with {line!r}")
    return first


def scene(c: Canvas, v: Visual) -> None:
    """A backdrop for the setting in the title, the objects on it, the footer on a strip."""
    room = c.height
    strip = Column(())
    if v.footer:
        width = c.width - c.u(60)
        strip = fit(
            lambda s: Column(
                (parts.row(c, v.footer, "bold", 24 * s, width, "footer", "#ffffff", "center"),)
            ),
            c.u(110), (1.1, 1, 0.9, 0.8, 0.7, 0.6),
        )  # fmt: skip
        room -= strip.height + c.u(24)
    words = v.title.lower().split()
    draw = next((BACKDROPS[word] for word in words if word in BACKDROPS), neutral)
    ground = draw(c, room)
    things = [
        fonts.emoji(symbol(line, f"lines[{n}]"), f"lines[{n}]") for n, line in enumerate(v.lines)
    ]
    airy = [t for t, line in zip(things, v.lines, strict=True) if line[0] in AIRY]
    standing = [t for t, line in zip(things, v.lines, strict=True) if line[0] not in AIRY]
    _float(c, airy, ground, bool(standing))
    _stand(c, standing, ground, room, bool(airy))
    if strip.rows:
        c.pen.rectangle((0, room, c.width, c.height), fill="#15181d")
        c.column(strip, c.u(30), room + c.u(12), c.width - c.u(60))


def _scaled(thing: Image.Image, width: float, height: float) -> Image.Image:
    """As large as fits `width` x `height`, in the same proportions."""
    factor = min(width / thing.width, height / thing.height)
    size = (max(1, round(thing.width * factor)), max(1, round(thing.height * factor)))
    return thing.resize(size, Image.Resampling.LANCZOS)


def _float(c: Canvas, things: list[Image.Image], ground: int, shared: bool) -> None:
    """Spreads things over the upper part; with things standing below it they keep to the top."""
    if not things:
        return
    slot = c.width / len(things)
    ceiling = c.u(16)
    room = (ground * 0.42 if shared else ground * 0.8) - ceiling
    for n, thing in enumerate(things):
        picture = _scaled(thing, min(slot * 0.8, c.u(210)), min(room, c.u(190)))
        x = round(n * slot + c.place.uniform(0.15, 0.85) * (slot - picture.width))
        y = ceiling + round(c.place.random() * max(0.0, room - picture.height))
        c.cast(picture, x, y, 0.18)
        c.paste(picture, x, y)


def _stand(c: Canvas, things: list[Image.Image], ground: int, bottom: int, sky_taken: bool) -> None:
    """Rows of things on the ground, the further ones smaller and higher."""
    count = len(things)
    if not count:
        return
    rows = 1 if count <= 3 else 2 if count <= 8 else 3
    top = round(ground * 0.46) if sky_taken else c.u(20)
    near, far = bottom - c.u(26), max(ground + c.u(14), top + c.u(110))
    order = list(range(count))
    c.place.shuffle(order)
    share = [order[r::rows] for r in range(rows)]
    ceiling = top
    for r, members in enumerate(share):
        feet = near if r == rows - 1 else round(far + (near - far) * r / rows)
        slot = (c.width - c.u(40)) / len(members)
        tall = min(feet - ceiling - c.u(6), c.u(265 if rows == 1 else 200))
        for n, member in enumerate(members):
            picture = _scaled(
                things[member], min(slot * 0.92, c.u(265)), tall * c.place.uniform(0.86, 1)
            )
            x = c.u(20) + round(n * slot + c.place.uniform(0.1, 0.9) * (slot - picture.width))
            lift = round(c.place.random() * c.u(10))
            _footprint(c, x, feet - lift, picture.width)
            c.cast(picture, x, feet - lift - picture.height, 0.22)
            c.paste(picture, x, feet - lift - picture.height)
        ceiling = feet


def _footprint(c: Canvas, x: int, feet: int, wide: int) -> None:
    """The dark oval under something that stands."""
    flat = max(c.u(6), wide // 12)
    box = (x + wide // 10, feet - flat, x + wide - wide // 10, feet + flat // 2)
    c.shadow(box, flat, blur=6, dark=95)
