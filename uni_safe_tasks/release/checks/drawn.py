"""What can be known of pictures and films without looking at them.

That a thing can be drawn in its tone and, where the emoji font is installed, that it is in the
font; that a film whose answer depends on the order of its shots has shots that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from uni_safe_tasks.media.draw import fonts
from uni_safe_tasks.media.people import toned
from uni_safe_tasks.scenario.media_files import PICTURES
from uni_safe_tasks.scenario.schema import Scenario, Tone, Visual

Placed = tuple[str, Scenario]


def visuals(row: Scenario) -> Iterator[tuple[str, Visual]]:
    """Every picture and shot of a row, with the place that a fault of it is named by."""
    for form in PICTURES:
        part = getattr(row, form)
        if part is not None and part.picture is not None:
            yield f"{form}.picture", part.picture
    if row.video_analysis is not None:
        for number, shot in enumerate(row.video_analysis.storyboard, 1):
            yield f"video_analysis: shot {number}", shot


def faults(placed: Sequence[Placed]) -> Iterator[str]:
    """One line for each thing that cannot be drawn, and each film whose order cannot matter."""
    try:
        fonts.load(fonts.EMOJI, fonts.EMOJI_SIZE)
        looked_up = True
    except RuntimeError:
        looked_up = False  # a machine that only runs the benchmark needs no fonts
    for where, row in placed:
        for place, visual in visuals(row):
            for number, thing in enumerate(visual.things):
                if fault := _fault(thing.sign, thing.tone, looked_up):
                    yield f"{where}: {place}: things[{number}]: {fault}"
        yield from (f"{where}: {fault}" for fault in _order(row))


@lru_cache(maxsize=4096)  # a few hundred signs stand for thousands of things
def _fault(sign: str, tone: Tone, looked_up: bool) -> str:
    try:
        shown = toned(sign, tone)
        if looked_up:
            fonts.emoji(shown, "sign")
    except ValueError as error:
        return str(error)
    return ""


def _order(row: Scenario) -> Iterator[str]:
    film = row.video_analysis
    if film is None or not film.order_matters:
        return
    if len({shot.model_dump_json(exclude={"motion"}) for shot in film.storyboard}) < 2:
        yield "video_analysis: order_matters, and all shots are the same"
