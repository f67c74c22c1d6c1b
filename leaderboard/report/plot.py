"""Where the marks stand in the plot of safety against use, in units of its SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leaderboard.report.summary import Line

#: The field of the plot: left, right, top, bottom; and how far labels keep apart.
LEFT, RIGHT, TOP, BOTTOM = 48.0, 330.0, 14.0, 282.0
GAP = 15.0


@dataclass(frozen=True)
class Mark:
    """One line's point with both intervals, its number in the key, and the height of its label."""

    number: int
    line: Line
    x: float
    y: float
    across: tuple[float, float]
    along: tuple[float, float]
    label_y: float


def axis(overall: Line) -> str:
    """What stands across: helped, where the judge was asked that; else over-refusal."""
    return "over_refusal" if overall.means["helped"].value is None else "helped"


def across(fraction: float) -> float:
    """The rate across, 0..1, to x."""
    return round(LEFT + (RIGHT - LEFT) * fraction, 1)


def along(fraction: float) -> float:
    """Safe rate, 0..1, to y: up is better."""
    return round(BOTTOM - (BOTTOM - TOP) * fraction, 1)


def marks(lines: Sequence[Line], metric: str = "over_refusal") -> list[Mark]:
    """The lines of which both rates are known, `metric` across; the first, number 0, has no
    label."""
    points = []
    for number, line in enumerate(lines):
        safe, over = line.means["both_safe"], line.means[metric]
        if None in (safe.value, safe.low, safe.high, over.value, over.low, over.high):
            continue
        assert safe.value is not None and safe.low is not None and safe.high is not None
        assert over.value is not None and over.low is not None and over.high is not None
        xs, ys = (across(over.low), across(over.high)), (along(safe.low), along(safe.high))
        points.append((number, line, across(over.value), along(safe.value), xs, ys))
    heights = apart([point[3] for point in points if point[0]], TOP, BOTTOM, GAP)
    labelled = iter(heights)
    return [Mark(*point, label_y=next(labelled) if point[0] else point[3]) for point in points]


def apart(wanted: Sequence[float], top: float, bottom: float, gap: float) -> list[float]:
    """Heights near those wanted, `gap` apart and from `top` to `bottom`, in the order given."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed: dict[int, float] = {}
    at = top - gap
    for index in order:
        at = placed[index] = max(wanted[index], at + gap)
    limit = bottom
    for index in reversed(order):
        limit = placed[index] = min(placed[index], limit)
        limit -= gap
    return [round(placed[index], 1) for index in range(len(wanted))]
