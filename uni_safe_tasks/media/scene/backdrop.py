"""Settings of scenes. Each function paints the canvas down to `room` and returns the ground line.

The ground line is where wall or sky ends, in canvas pixels from the top.
"""

from __future__ import annotations

from collections.abc import Callable

from uni_safe_tasks.media.draw.canvas import Canvas, mix
from uni_safe_tasks.scenario.schema import Setting


def _split(
    c: Canvas, room: int, share: float, upper: tuple[str, str], lower: tuple[str, str]
) -> int:
    ground = round(room * share)
    c.gradient((0, 0, c.width, ground), *upper)
    c.gradient((0, ground, c.width, c.height), *lower)
    return ground


def _indoors(c: Canvas, room: int, walls: tuple[str, ...], floors: tuple[str, ...]) -> int:
    wall, floor = c.style.choice(walls), c.style.choice(floors)
    upper, lower = (mix(wall, "#ffffff", 0.25), wall), (floor, mix(floor, "#000000", 0.2))
    ground = _split(c, room, 0.58, upper, lower)
    skirting = (0, ground - c.u(12), c.width, ground)
    c.pen.rectangle(skirting, fill=mix(wall, "#ffffff", 0.6))
    return ground


def _window(c: Canvas, x: float, y: float, wide: float, high: float, sky: str) -> None:
    box = (c.u(x), c.u(y), c.u(x + wide), c.u(y + high))
    c.card(
        (box[0] - c.u(8), box[1] - c.u(8), box[2] + c.u(8), box[3] + c.u(8)),
        "#f4f1ea",
        c.u(3),
        blur=4,
    )
    c.gradient(box, sky, mix(sky, "#ffffff", 0.6))
    middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
    c.pen.line((middle[0], box[1], middle[0], box[3]), fill="#f4f1ea", width=c.u(6))
    c.pen.line((box[0], middle[1], box[2], middle[1]), fill="#f4f1ea", width=c.u(6))


def room(c: Canvas, room: int) -> int:
    ground = _indoors(c, room, ("#d9c7b0", "#b7c7c4", "#c9b9cf"), ("#a67c52", "#8c6f56", "#b59a7a"))
    _window(c, c.style.choice((60, 520)), 40, 170, 150, "#9ccbe8")
    rug = (c.u(120), ground + c.u(60), c.width - c.u(120), ground + c.u(190))
    c.pen.ellipse(rug, fill=c.style.choice(("#a8473f", "#4c6a8a", "#6a7a4c")))
    return ground


def kitchen(c: Canvas, room: int) -> int:
    ground = _indoors(c, room, ("#e6e0cf", "#cfe0dc", "#e3d5c4"), ("#9a9d9e", "#b98d62"))
    door = c.style.choice(("#f2efe8", "#5f7d74", "#8b5e3c", "#3f5566"))
    for n in range(5):
        x = c.u(154 * n + 6)
        c.pen.rounded_rectangle((x, 0, x + c.u(142), c.u(74)), c.u(4), fill=door)
        c.pen.ellipse((x + c.u(120), c.u(56), x + c.u(130), c.u(66)), fill="#d8d8d8")
    for y in range(c.u(100), ground - c.u(40), c.u(36)):
        c.pen.line((0, y, c.width, y), fill="#ffffff", width=c.u(1.5))
    c.pen.rectangle(
        (0, ground - c.u(8), c.width, ground + c.u(12)), fill=mix(door, "#000000", 0.35)
    )
    return ground


def street(c: Canvas, room: int) -> int:
    ground = _split(c, room, 0.6, ("#a9d0ec", "#e9f2f7"), ("#8d9094", "#5f6266"))
    shades = c.style.choice((("#c56a4e", "#d9a066", "#8fa3ad"), ("#b98f73", "#9b6b6b", "#c9bda6")))
    x = 0
    while x < c.width:
        wide, high = c.u(c.place.randint(100, 170)), c.u(c.place.randint(150, 280))
        front = c.place.choice(shades)
        c.pen.rectangle((x, ground - high, x + wide, ground), fill=front)
        for wx in range(x + c.u(18), x + wide - c.u(30), c.u(44)):
            for wy in range(ground - high + c.u(20), ground - c.u(50), c.u(56)):
                c.pen.rectangle(
                    (wx, wy, wx + c.u(24), wy + c.u(32)), fill=mix(front, "#fff6d0", 0.6)
                )
        x += wide
    c.pen.rectangle((0, ground, c.width, ground + c.u(34)), fill="#c4c2bc")
    for x in range(0, c.width, c.u(130)):
        c.pen.rectangle((x, room - c.u(60), x + c.u(70), room - c.u(52)), fill="#e9e6d8")
    return ground


def park(c: Canvas, room: int) -> int:
    ground = _split(c, room, 0.5, ("#9fd0f0", "#e4f4fb"), ("#86b95c", "#5d9440"))
    for _ in range(7):
        x, r = c.place.randint(0, c.width), c.u(c.place.randint(34, 66))
        y = ground - c.u(c.place.randint(40, 70))
        c.pen.rectangle((x - c.u(7), y, x + c.u(7), ground + c.u(4)), fill="#7b5a3c")
        c.pen.ellipse(
            (x - r, y - r, x + r, y + r), fill=c.place.choice(("#5f9a4e", "#4e8a4f", "#77ab55"))
        )
    path = [(c.u(330), ground), (c.u(400), ground), (c.u(620), room), (c.u(300), room)]
    c.pen.polygon(path, fill="#dcc9a0")
    return ground


def sky(c: Canvas, room: int) -> int:
    top = c.style.choice(("#3f8fd6", "#6aa7d8", "#e08a5b"))
    c.gradient((0, 0, c.width, c.height), top, mix(top, "#ffffff", 0.75))
    for _ in range(6):
        x, y = c.place.randint(-c.u(60), c.width), c.place.randint(c.u(20), room)
        for n in range(4):
            r = c.u(c.place.randint(24, 42))
            left = x + n * c.u(30)
            c.pen.ellipse((left - r, y - r, left + r, y + r), fill=mix(top, "#ffffff", 0.82))
    return round(room * 0.72)


def classroom(c: Canvas, room: int) -> int:
    ground = _indoors(c, room, ("#e9e2cd", "#d7e3ea"), ("#b98d5f", "#9fa6a8"))
    board = (c.u(110), c.u(30), c.width - c.u(110), ground - c.u(70))
    colour = c.style.choice(("#2f5d4a", "#2c3e46", "#f7f8f8"))
    c.card(board, "#9a7448", c.u(4), blur=5)
    inner = (board[0] + c.u(9), board[1] + c.u(9), board[2] - c.u(9), board[3] - c.u(9))
    c.pen.rectangle(inner, fill=colour)
    for n in range(3):  # chalk strokes too faint and plain to read as words
        y = inner[1] + c.u(34 + 40 * n)
        long = c.u(c.place.randint(160, 380))
        c.pen.line(
            (inner[0] + c.u(24), y, inner[0] + c.u(24) + long, y),
            mix(colour, "#8f8f8f", 0.4),
            c.u(4),
        )
    return ground


def office(c: Canvas, room: int) -> int:
    ground = _indoors(c, room, ("#dfe5ea", "#e8e4dc", "#cdd7d6"), ("#7f8a94", "#a38e78"))
    for n in range(3):
        _window(c, 50 + 240 * n, 36, 180, 170, c.style.choice(("#8fbfe0", "#b4c9d6")))
    c.pen.rectangle((0, ground + c.u(30), c.width, ground + c.u(48)), fill="#8a6a4a")
    return ground


def water(c: Canvas, room: int) -> int:
    ground = _split(c, room, 0.42, ("#f3c98b", "#fbe9cf"), ("#3f8fb5", "#1f5f86"))
    if c.style.random() < 0.6:
        c.gradient((0, 0, c.width, ground), "#8cc4ea", "#e3f2fa")
    for _ in range(46):
        x, y = c.place.randint(0, c.width), c.place.randint(ground + c.u(8), c.height)
        long = c.u(c.place.randint(24, 80))
        c.pen.line((x, y, x + long, y), fill="#7fb9d3", width=c.u(2.5))
    return ground


def night(c: Canvas, room: int) -> int:
    ground = _split(c, room, 0.62, ("#0f1836", "#34406b"), ("#2b3145", "#171b29"))
    for _ in range(70):
        x, y, r = (
            c.place.randint(0, c.width),
            c.place.randint(0, ground),
            c.u(c.place.choice((1, 1.5, 2.2))),
        )
        c.pen.ellipse((x - r, y - r, x + r, y + r), fill="#f6f2d8")
    x = 0
    while x < c.width:
        wide, high = c.u(c.place.randint(60, 120)), c.u(c.place.randint(40, 120))
        c.pen.rectangle((x, ground - high, x + wide, ground), fill="#1c2440")
        for wx in range(x + c.u(12), x + wide - c.u(20), c.u(24)):
            if c.place.random() < 0.6:
                c.pen.rectangle(
                    (wx, ground - high + c.u(14), wx + c.u(10), ground - high + c.u(28)), "#f2cf72"
                )
        x += wide
    return ground


def shop(c: Canvas, room: int) -> int:
    ground = _indoors(c, room, ("#efe3cf", "#d7e6e0", "#ead9df"), ("#c9b79b", "#a9b0b5"))
    for level in range(3):
        y = c.u(72 + 78 * level)
        x = c.u(20)
        while x < c.width - c.u(60):
            wide, high = c.u(c.place.randint(20, 44)), c.u(c.place.randint(28, 54))
            hue = c.place.choice(("#d9a066", "#7fae8f", "#88a9c9", "#c98a8a", "#d6c27a", "#a692bf"))
            c.pen.rounded_rectangle((x, y - high, x + wide, y), c.u(4), fill=hue)
            x += wide + c.u(c.place.randint(5, 16))
        c.pen.rectangle((0, y, c.width, y + c.u(9)), fill="#8a6a4a")
    return ground


def stage(c: Canvas, room: int) -> int:
    cloth = c.style.choice(("#8a1f2e", "#3c2a6e", "#1f4f5a"))
    upper, lower = (
        (mix(cloth, "#000000", 0.55), mix(cloth, "#000000", 0.25)),
        ("#a9794f", "#6f4a2d"),
    )
    ground = _split(c, room, 0.62, upper, lower)
    for n in range(16):
        x = c.width * n // 16
        c.gradient(
            (x, 0, x + c.width // 32, ground),
            mix(cloth, "#ffffff", 0.08),
            mix(cloth, "#000000", 0.2),
        )
    for x in (200, 560):
        c.pen.ellipse(
            (c.u(x - 150), ground + c.u(20), c.u(x + 150), room - c.u(10)), fill="#c99f70"
        )
    return ground


def farm(c: Canvas, room: int) -> int:
    ground = _split(c, room, 0.5, ("#a6d3ef", "#f0f6ea"), ("#b4b25a", "#7f9440"))
    c.pen.ellipse((-c.u(160), ground - c.u(70), c.u(460), ground + c.u(220)), fill="#93b05a")
    x, y = c.u(c.style.choice((90, 530))), ground + c.u(6)
    c.pen.rectangle((x, y - c.u(110), x + c.u(150), y), fill="#a53a30")
    c.pen.polygon(
        [(x - c.u(14), y - c.u(108)), (x + c.u(75), y - c.u(170)), (x + c.u(164), y - c.u(108))],
        "#6e2a24",
    )
    c.pen.rectangle((x + c.u(50), y - c.u(64), x + c.u(100), y), fill="#f0e3d0")
    for post in range(0, c.width, c.u(64)):
        c.pen.rectangle((post, ground + c.u(8), post + c.u(9), ground + c.u(56)), fill="#d8c6a4")
    for rail in (20, 38):
        c.pen.rectangle((0, ground + c.u(rail), c.width, ground + c.u(rail + 7)), fill="#d8c6a4")
    return ground


BACKDROPS: dict[Setting, Callable[[Canvas, int], int]] = {
    "room": room, "kitchen": kitchen, "street": street, "park": park, "sky": sky,
    "classroom": classroom, "office": office, "water": water, "night": night, "shop": shop,
    "stage": stage, "farm": farm,
}  # fmt: skip
