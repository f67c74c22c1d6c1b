"""Rules about which model it is and when it was run: one model, named exactly, on real days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from judger.contract.texts.model_names import skeleton
from leaderboard.runs.weights import own_weights
from leaderboard.submission.facts import Submission
from leaderboard.submission.rules.base import (
    RANKED,
    Case,
    Collection,
    CollectionRule,
    Problem,
    Rule,
)

_COMMIT = re.compile(r"[0-9a-f]{7,40}")
#: Names that mean other weights tomorrow, or that say nothing: `main`, `v1`, `2`.
_MOVING = re.compile(
    r"(main|master|trunk|head|latest|default|current|stable|release|prod|production|dev|none|null"
    r"|unknown|n-?a|v?[0-9]{1,2}([._][0-9]{1,2})?)",
    re.I,
)


class ExactRevision(Rule):
    """The revision names weights that cannot move: of open weights the commit hash of their
    repository (7 to 40 hexadecimal digits), of closed ones the provider's dated or numbered
    version; `main`, `latest` and `v1` are none."""

    number = 25

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        model, where = submission.model, case.at("model.revision")
        if model.weights == "open" and not _COMMIT.fullmatch(model.revision):
            yield Problem(where, f"{model.revision!r} is no commit hash; open weights have one")
        elif model.weights == "closed" and _MOVING.fullmatch(model.revision):
            yield Problem(where, f"{model.revision!r} names no version that stays")


class DatesInOrder(Rule):
    """Days are days of the calendar: replies were generated no later than the day of submission,
    which has come, and a status is no older than its submission."""

    number = 26

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        today = date.today() + timedelta(days=1)  # somewhere it is tomorrow already
        days = {}
        for field, text in (
            ("generated", submission.generated),
            ("submitted", submission.submitted),
            ("status.since", submission.status.since),
        ):
            try:
                days[field] = date.fromisoformat(text)
            except ValueError:
                yield Problem(case.at(field), f"{text} is no day")
                continue
            if days[field] > today:
                yield Problem(case.at(field), f"{text} has not come yet")
        if len(days) < 3:
            return
        for earlier, later in (("generated", "submitted"), ("submitted", "status.since")):
            if days[earlier] > days[later]:
                what = f"{days[earlier]} is after {later}, {days[later]}"
                yield Problem(case.at(earlier), what)


class OneModel(Rule):
    """A row is one model: all phases of its run name the same weights. Forms of the same weights
    (a date, `-hf`, `-AWQ`) are the same; a second model that only draws for the first is named as
    `image_model`."""

    number = 27

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        named = {name for each in submission.harness.backends for name in own_weights(each)}
        if len(named) > 1:
            yield Problem(case.at("harness.backends"), f"name {len(named)} models: {sorted(named)}")


class NamesAreDistinct(CollectionRule):
    """No model's name or id looks like another's without being it, letter for letter."""

    number = 28

    def check(self, collection: Collection) -> Iterator[Problem]:
        seen: dict[tuple[str, str], tuple[str, str]] = {}
        for case in collection.cases:
            made = case.submission
            if made is None or made.status.state not in (*RANKED, "sample"):
                continue
            for field, text in (("model.id", made.model.id), ("model.name", made.model.name)):
                key = field, re.sub(r"[-_.\s]+", "-", skeleton(text))
                other, whose = seen.setdefault(key, (text, case.relative))
                if other != text:
                    what = f"{text!r} looks like {other!r} of {whose}"
                    yield Problem(case.at(field), what)


class NothingBeside(CollectionRule):
    """The folder of submissions holds one folder an organisation's model, which holds one folder a
    submission, and nothing else: no stray files, no links."""

    number = 29

    def check(self, collection: Collection) -> Iterator[Problem]:
        for name in collection.strays:
            yield Problem(name, "is no submission; it does not belong here")
