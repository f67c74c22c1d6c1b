"""What the things of a shot do: where each is, how large and how turned, at a time of the shot.

Time runs from 0 to 1. A thing that has moved stays where it went until the shot ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from uni_safe_tasks.media.people import takes_tone
from uni_safe_tasks.media.scene.stand import Placed
from uni_safe_tasks.scenario.schema import Actor, Deed


@dataclass(frozen=True)
class Pose:
    """How far a thing is from its place, in pixels; its size, its turn, how visible it is."""

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    turn: float = 0.0
    seen: float = 1.0


@dataclass(frozen=True)
class Situation:
    """What a deed depends on: the thing, the picture's width, and whom it goes to."""

    spot: Placed
    width: int
    height: int
    goal: Placed | None = None

    @property
    def way_out(self) -> float:
        """The way from the thing's place until it is past the nearer edge: to the left negative."""
        wide = self.spot.picture.width
        if self.spot.middle <= self.width * 0.45:
            return -float(self.spot.x + wide)
        return float(self.width - self.spot.x)


def eased(t: float, start: float, end: float) -> float:
    """0 before `start`, 1 after `end`, smooth between."""
    share = min(1.0, max(0.0, (t - start) / (end - start)))
    return share * share * (3 - 2 * share)


def _enters(s: Situation, t: float) -> Pose:
    return Pose(dx=s.way_out * (1 - eased(t, 0.0, 0.55)))


def _leaves(s: Situation, t: float) -> Pose:
    return Pose(dx=s.way_out * eased(t, 0.35, 0.9))


def _crosses(s: Situation, t: float) -> Pose:
    wide = s.spot.picture.width
    return Pose(dx=-s.spot.x - wide + (s.width + wide) * min(1.0, t * 1.02))


def _appears(s: Situation, t: float) -> Pose:
    return Pose(seen=eased(t, 0.3, 0.45))


def _vanishes(s: Situation, t: float) -> Pose:
    return Pose(seen=1 - eased(t, 0.5, 0.65))


def _falls(s: Situation, t: float) -> Pose:
    """People and animals tip over; other things drop from above and lie."""
    share = min(1.0, max(0.0, (t - 0.25) / 0.3)) ** 2
    side = 1 if s.spot.middle < s.width / 2 else -1
    if takes_tone(s.spot.thing.sign[0]):
        return Pose(turn=-84 * share * side, dx=-side * s.spot.picture.height * 0.25 * share)
    drop = min(s.spot.y, 1.2 * s.spot.picture.height)
    return Pose(dy=-drop * (1 - share), turn=-26 * side * share)


def _rises(s: Situation, t: float) -> Pose:
    return Pose(dy=-0.85 * s.spot.y * eased(t, 0.15, 0.85))


def _approaches(s: Situation, t: float) -> Pose:
    far = 1 - eased(t, 0.0, 0.85)
    return Pose(scale=1 - 0.6 * far, dy=-0.12 * s.height * far)


def _recedes(s: Situation, t: float) -> Pose:
    far = eased(t, 0.15, 1.0)
    return Pose(scale=1 - 0.65 * far, dy=-0.14 * s.height * far)


def _shakes(s: Situation, t: float) -> Pose:
    swing = math.sin(t * 2 * math.pi * 5)
    return Pose(dx=0.05 * s.spot.picture.width * swing, turn=5 * swing)


def _goes_to(s: Situation, t: float) -> Pose:
    """Until it touches the other: at its nearer side, at the height of its hands."""
    if s.goal is None:
        return Pose()
    share = eased(t, 0.2, 0.7)
    mine, other = s.spot, s.goal
    side = -1 if mine.middle < other.middle else 1
    reach = 0.5 * other.picture.width + 0.22 * mine.picture.width
    to_x = other.middle + side * reach - mine.middle
    to_y = other.feet - 0.12 * other.picture.height - mine.feet
    half = mine.picture.width / 2
    to_x = min(max(to_x, half - mine.middle), s.width - half - mine.middle)
    return Pose(dx=to_x * share, dy=to_y * share)


DEEDS: dict[Deed, Callable[[Situation, float], Pose]] = {
    "enters": _enters, "leaves": _leaves, "crosses": _crosses, "appears": _appears,
    "vanishes": _vanishes, "falls": _falls, "rises": _rises, "approaches": _approaches,
    "recedes": _recedes, "shakes": _shakes, "goes_to": _goes_to,
}  # fmt: skip


def pose(situation: Situation, t: float) -> Pose:
    """The thing at time `t`; at its place when it does nothing."""
    thing = situation.spot.thing
    deed = DEEDS.get(thing.does) if isinstance(thing, Actor) else None
    return deed(situation, t) if deed else Pose()


def halved(spot: Placed) -> Placed:
    """A place on the drawing canvas as one of the finished picture, of half its size."""
    size = (max(1, spot.picture.width // 2), max(1, spot.picture.height // 2))
    return replace(spot, picture=spot.picture.resize(size), x=spot.x // 2, y=spot.y // 2)
