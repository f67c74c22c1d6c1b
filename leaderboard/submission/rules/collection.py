"""Rules about all submissions together, and about how they may change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import from_json

from judger.contract.texts.model_names import skeleton
from leaderboard.submission.facts import SUBMISSION
from leaderboard.submission.rules.base import Collection, CollectionRule, Problem

#: What a folder may say of itself before a maintainer has seen it.
NEW = ("pending", "sample")


class AppendOnly(CollectionRule):
    """What was accepted stays as it is: only `status` may change, nothing may be taken away. What
    is new is `pending` or `sample`, and only what was listed may be archived."""

    number = 20

    def check(self, collection: Collection) -> Iterator[Problem]:
        before = collection.baseline
        if before is None:
            return
        now = {
            f"{c.relative}/{name}": data for c in collection.cases for name, data in c.files.items()
        }
        for path, data in sorted(before.items()):
            if path not in now:
                yield Problem(path, "was accepted and is gone")
            elif now[path] != data and not (
                path.endswith(f"/{SUBMISSION}") and _sealed(now[path]) == _sealed(data)
            ):
                yield Problem(path, "was accepted and has changed in more than its status")
        for case in collection.cases:
            if case.submission is None:
                continue
            is_now, was = case.submission.status.state, _state(before, case.relative)
            if was is None and is_now not in NEW:
                what = f"is {is_now}, but new; it starts as {' or '.join(NEW)}"
                yield Problem(case.at("status.state"), what)
            elif is_now == "archived" and was not in (None, "listed", "archived"):
                yield Problem(case.at("status.state"), f"is archived, but before it was {was}")


def _state(before: Mapping[str, bytes], relative: str) -> str | None:
    """The accepted state of a submission, "unreadable" where it has none; None for a new one."""
    path = f"{relative}/{SUBMISSION}"
    if path not in before:
        return None
    match _loaded(before[path]):
        case {"status": {"state": str(state)}}:
            return state
    return "unreadable"


def _loaded(data: bytes) -> Any:
    try:
        return from_json(data)
    except ValueError:
        return data


def _sealed(data: bytes) -> Any:
    """Everything but the status."""
    loaded = _loaded(data)
    return {k: v for k, v in loaded.items() if k != "status"} if isinstance(loaded, dict) else data


class OneListedRow(CollectionRule):
    """A model has one listed row in a protocol; an earlier one is withdrawn first. Of closed
    weights each of the provider's versions may have one. Names that differ only in case, `-`, `_`
    or `.` are one name, and so are letters that look alike."""

    number = 21

    def check(self, collection: Collection) -> Iterator[Problem]:
        seen: dict[tuple[str, str, str], str] = {}
        for case in collection.cases:
            made = case.submission
            if made is None or made.status.state not in ("listed", "archived"):
                continue
            version = made.model.revision.lower() if made.model.weights == "closed" else ""
            key = _spelt(made.model.id), version, made.protocol.id
            if key in seen:
                yield Problem(case.at("status.state"), f"is listed, and so is {seen[key]}")
            seen.setdefault(key, case.relative)


def _spelt(name: str) -> str:
    """The one spelling of a name; `1.5B` and `15B` stay two."""
    return re.sub(r"[-_.]+", "-", skeleton(name))
