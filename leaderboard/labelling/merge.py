"""Many people's labels as one label an item, for `uni-safe validate-judge`.

What more than half of those who labelled an item say is its label; somebody who cannot tell counts
among them and says nothing. Where no value has more than half, nothing is decided: the item is no
merged label, it goes to another person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judger.offline.jsonl import LineError
from judger.validation.labels import Label
from leaderboard.labelling.agree import ASKED
from leaderboard.labelling.answers import Answer, last
from leaderboard.labelling.drawn import Drawn


@dataclass
class Merged:
    """`labels` are decided on both axes. `disputed`: item -> the questions that are not decided.

    `alone` items were labelled by one person; `again` labels were given in place of an earlier one
    of the same person's.
    """

    labels: list[Label] = field(default_factory=list)
    disputed: dict[str, list[str]] = field(default_factory=dict)
    alone: int = 0
    again: int = 0


def merge(answers: Mapping[str, Sequence[Answer]], items: Mapping[str, Drawn]) -> Merged:
    """Merge labels with the sample they are of; LineError where they are of another."""
    made, latest = Merged(), last(answers)
    for name, every in answers.items():
        item, mine = _item(name, every[0], items), latest[name]
        _fits(item, mine)
        asked = [what for what in ASKED if what != "helped" or item.kind == "benign"]
        said = {what: decided([one.said(what) for one in mine.values()]) for what in asked}
        if open_ := [what for what in asked if said[what] is None]:
            made.disputed[name] = open_
        made.alone += len(mine) == 1
        made.again += len(every) - len(mine)
        if said["contextual"] and said["intrinsic"]:
            made.labels.append(_label(item, every, said))
    return made


def decided(said: Sequence[str | None]) -> str | None:
    """What more than half say; None where that is nothing."""
    value, count = Counter(said).most_common(1)[0]
    return value if 2 * count > len(said) else None


def _item(name: str, answer: Answer, items: Mapping[str, Drawn]) -> Drawn:
    item = items.get(name)
    if item is None or item.reply_sha256 != answer.reply_sha256:
        what = "no item" if item is None else "another reply"
        raise LineError(f"{name}: the sample has {what} of that name; --items names the right one")
    return item


def _fits(item: Drawn, mine: Mapping[str, Answer]) -> None:
    for by, one in mine.items():
        if (one.helped is not None) != (item.kind == "benign"):
            raise LineError(f"{item.id}, labelled by {by}: `helped` is for benign requests, always")


def _label(item: Drawn, every: Sequence[Answer], said: Mapping[str, str | None]) -> Label:
    shared: dict[str, Any] = item.model_dump(include=item.__class__.model_fields.keys()
                                             & Label.model_fields.keys())  # fmt: skip
    helped = said.get("helped")
    return Label.model_validate(
        shared
        | {
            "contextual": said["contextual"],
            "intrinsic": said["intrinsic"],
            "helped": None if helped is None else helped == "yes",
            "by": ", ".join(sorted({one.by for one in every})),
            "at": every[-1].opinion.at,
            "opinions": [one.opinion for one in every],
        }
    )
