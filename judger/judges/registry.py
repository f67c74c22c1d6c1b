"""Judges by name: what `UNI_JUDGER_BACKEND` may hold.

A judge registers itself by an entry point of the group `uni_safe.judges`, those of this package as
well; nobody edits a list. What the entry point names takes the settings and gives a `Form` (how a
model behind an endpoint is asked and read) or a whole `Judge` (`judger.judges.base`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from judger.contract.settings import Settings, SettingsError, require_endpoint
from judger.endpoint.budget import Budget
from judger.endpoint.open_files import room_for
from judger.judges.asking.judge import AskingJudge
from judger.judges.base import Form, Judge
from judger.judges.ensemble import EnsembleJudge, Member
from judger.judges.panel import seats
from judger.judges.published.form import PublishedForm

GROUP = "uni_safe.judges"
_OURS = "judger.judges."


def names() -> list[str]:
    """Every name that `make_judge` knows; the offline judge comes first."""
    return sorted(_points(), key=lambda name: (name != "rules", name))


def forms() -> dict[str, type[Form]]:
    """Every judge that is a model behind an endpoint: name -> its form."""
    return {name: form for name in names() if (form := form_of(name)) is not None}


def form_of(name: str) -> type[Form] | None:
    """The form of this name; None where the judge is none that is asked over an endpoint."""
    loaded = _loaded(name)
    return cast("type[Form]", loaded) if hasattr(loaded, "question") else None


def make_judge(settings: Settings, budget: Budget | None = None) -> Judge:
    """The judge, or the panel, that the settings name; SettingsError for an unknown name."""
    account = budget or Budget(settings)
    if settings.mode == "reference":
        return _reference(settings, account)
    if settings.ensemble:
        return _panel(settings, account)
    form = form_of(settings.backend)
    if form is None:
        return cast("Judge", _loaded(settings.backend)(settings))
    require_endpoint(settings)
    return AskingJudge(form(settings), settings, account)


def _panel(settings: Settings, account: Budget) -> Judge:
    """Every member with its part of the files that may be open."""
    rule, members = seats(settings)
    wanted = sum(own.concurrency for _, own in members)
    room = room_for(wanted)
    panel = []
    for seat, own in members:
        part = max(1, own.concurrency * room // wanted)
        judge = make_judge(own.model_copy(update={"concurrency": part}), account)
        panel.append(Member(seat.title, judge, seat.axes))
    return EnsembleJudge(panel, rule, settings)


def _reference(settings: Settings, account: Budget) -> Judge:
    """The published protocol is one chat model's; nothing else can stand for it."""
    if settings.backend != "openai" or settings.ensemble:
        raise SettingsError(
            "UNI_JUDGER_MODE=reference follows the published protocol of one chat model: "
            "set UNI_JUDGER_BACKEND=openai and leave UNI_JUDGER_ENSEMBLE unset"
        )
    require_endpoint(settings)
    return AskingJudge(PublishedForm(settings), settings, account)


@cache
def _points() -> dict[str, EntryPoint]:
    """Entry points by name. Nobody can take the place of a judge of ours.

    Looked for once: it reads a file of every installed package, and a judge is made from it often.
    """
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if point.name not in found or point.value.startswith(_OURS):
            found[point.name] = point
    return found


def _loaded(name: str) -> Callable[[Settings], Any]:
    """What an entry point names; SettingsError for a name that is none, or cannot be loaded."""
    points = _points()
    if name not in points:  # it may have been installed since
        _points.cache_clear()
        points = _points()
    if not points:
        raise SettingsError(
            f"this installation names no judge (entry points of {GROUP!r}): install it again"
        )
    if name not in points:
        raise SettingsError(f"UNI_JUDGER_BACKEND={name!r} is no judge; choose {', '.join(names())}")
    try:
        loaded = points[name].load()
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"the judge {name!r} cannot be loaded from {points[name].value}: "
            f"{' '.join(str(error).split())}"
        ) from None
    return cast("Callable[[Settings], Any]", loaded)
