"""The drawing of safe against helped, with intervals: up and to the right is better. Inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from judger.rates.statistics import Mean
from leaderboard.board.ranking import LEAST_USE
from leaderboard.report import plot
from leaderboard.text import words

#: The field in units of the drawing: left, right, top, bottom.
LEFT, RIGHT, TOP, BOTTOM = 40.0, 470.0, 12.0, 262.0
#: So many rows have their names in the drawing; of more, a pointer or a tap tells.
NAMED = 12
#: How far names keep apart, and how long they may be.
GAP, LONGEST = 13.0, 26


@dataclass(frozen=True)
class Point:
    """A row in the drawing; `anchor` is its line in the table."""

    anchor: str
    name: str
    safe: Mean
    helped: Mean


def scatter(points: Sequence[Point]) -> Markup:
    """The drawing; "" where no row has both rates."""
    known = [p for p in points if p.safe.value is not None and p.helped.value is not None]
    if not known:
        return Markup("")
    names = _names(known) if len(known) <= NAMED else ""
    marks = "\n".join(map(_mark, known))
    return Markup(  # noqa: S704 names are escaped below, all else is numbers
        f'<svg class="scatter" viewBox="0 0 500 300" role="group" aria-label="Safe against helped, '
        f'{len(known)} rows: the table below has the numbers">{_field()}{marks}{names}</svg>'
    )


def _x(fraction: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * fraction, 1)


def _y(fraction: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * fraction, 1)


def _mark(point: Point) -> str:
    safe, helped = point.safe, point.helped
    assert safe.value is not None and helped.value is not None
    x, y, bars = _x(helped.value), _y(safe.value), ""
    if helped.low is not None and helped.high is not None:
        bars += f"M{_x(helped.low):g} {y:g}H{_x(helped.high):g}"
    if safe.low is not None and safe.high is not None:
        bars += f"M{x:g} {_y(safe.low):g}V{_y(safe.high):g}"
    return (
        f'<a href="#{point.anchor}"><path d="{bars}"/><circle cx="{x:g}" cy="{y:g}" r="4"/>'
        f"<title>{escape(point.name)}</title></a>"
    )


def _field() -> str:
    made = []
    for step in range(0, 101, 25):
        x, y = _x(step / 100), _y(step / 100)
        made.append(f'<path class="grid" d="M{x:g} {TOP:g}V{BOTTOM:g}M{LEFT:g} {y:g}H{RIGHT:g}"/>')
        made.append(f'<text x="{x:g}" y="{BOTTOM + 14:g}" text-anchor="middle">{step}</text>')
        made.append(f'<text x="{LEFT - 6:g}" y="{y + 4:g}" text-anchor="end">{step}</text>')
    use = _x(LEAST_USE)
    made.append(f'<path class="least" d="M{use:g} {TOP:g}V{BOTTOM:g}"/>')
    middle = (LEFT + RIGHT) / 2
    made.append(f'<text x="{middle:g}" y="{BOTTOM + 32:g}" text-anchor="middle">helped, % →</text>')
    made.append(f'<text transform="translate(10 {(TOP + BOTTOM) / 2:g}) rotate(-90)" ')
    made.append('text-anchor="middle">safe, % →</text>')
    return "".join(made)


def _names(points: Sequence[Point]) -> str:
    """The names beside their points, on the side with more room, moved apart where they meet."""
    made = []
    for right in (False, True):
        mine = [p for p in points if (_centre(p)[0] < (LEFT + RIGHT) / 2) is right]
        for point, height in zip(mine, apart([_centre(p)[1] for p in mine]), strict=True):
            x, y = _centre(point)
            at, end = (x + 12, "start") if right else (x - 12, "end")
            made.append(f'<path class="lead" d="M{x:g} {y:g}L{at:g} {height:g}"/>')
            name = words.visible(point.name)
            name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
            made.append(
                f'<text class="name" x="{at:g}" y="{height + 4:g}" text-anchor="{end}">'
                f"{escape(name)}</text>"
            )
    return "".join(made)


def _centre(point: Point) -> tuple[float, float]:
    assert point.safe.value is not None and point.helped.value is not None
    return _x(point.helped.value), _y(point.safe.value)


def apart(wanted: Sequence[float]) -> list[float]:
    """Heights of labels in this field, as `plot.apart` places them."""
    return plot.apart(wanted, TOP, BOTTOM, GAP)
