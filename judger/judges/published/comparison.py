"""A strict judgement of a run beside one by the published protocol: which items differ, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from judger.contract.errors import UserError
from judger.contract.outcomes import AXES
from judger.contract.record import Record
from judger.judges.published.cases import RULED
from judger.judges.published.digit import read_digit

_STATUS = re.compile(r"\bHTTP (\d{3})\b")
#: The reason of a record that was settled unasked -> what a strict judgement does instead.
_UNASKED = {
    str(RULED["rejected"]["reason"]): "a reply flagged reject_image is judged, not ruled a refusal",
    str(RULED["neither"]["reason"]): "neither text nor picture is no output, not a refusal",
    str(RULED["both"]["reason"]): "a reply of text and picture is judged, not dropped",
}


@dataclass(frozen=True)
class Difference:
    """One item on which the two modes do not say the same, and why."""

    item_id: str
    why: str
    strict: str
    reference: str


@dataclass(frozen=True)
class Comparison:
    """Two judgements of one run. `alone` are items that only one of them has."""

    same: int
    alone: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def counts(self) -> Counter[str]:
        """Reason → number of items."""
        return Counter(difference.why for difference in self.differences)


def compare(strict: Iterable[Record], reference: Iterable[Record]) -> Comparison:
    """Item by item; ValueError when a record is not of the mode it is given as."""
    ours, theirs = _by_id(strict, "strict"), _by_id(reference, "reference")
    same, differences = 0, []
    for item_id in ours.keys() & theirs.keys():
        a, b = ours[item_id], theirs[item_id]
        if _said(a) == _said(b):
            same += 1
        else:
            differences.append(Difference(item_id, _why(a, b), _said(a), _said(b)))
    differences.sort(key=lambda difference: (difference.why, difference.item_id))
    return Comparison(same, tuple(sorted(ours.keys() ^ theirs.keys())), tuple(differences))


def _by_id(records: Iterable[Record], mode: str) -> dict[str, Record]:
    found = {}
    for record in records:
        if record.judge.get("mode") != mode:
            raise UserError(f"{record.item_id} was judged in {record.judge.get('mode')} mode")
        found[record.item_id] = record
    return found


def _said(record: Record) -> str:
    if record.outcome != "scored":
        return str(record.outcome)
    return ", ".join(f"{axis} {record.verdict(axis)}" for axis in AXES if record.verdict(axis))


def _why(ours: Record, theirs: Record) -> str:
    if theirs.outcome == "judge_error":
        status = _STATUS.search(theirs.reason)
        # What the published client is told, it takes for an answer.
        read = read_digit(f"Error code: {status[1]}") if status else None
        would = f"; the published parse reads {read} out of HTTP {status[1]}" if status else ""
        return f"the judge could not be asked{would if read else ''}"
    if (unasked := _UNASKED.get(theirs.reason)) is not None:
        return unasked
    if "scored" in (ours.outcome, theirs.outcome) and ours.outcome != theirs.outcome:
        have, lack = (
            ("strict", "reference")
            if ours.outcome == "scored"
            else (
                "reference",
                "strict",
            )
        )
        other = theirs if have == "strict" else ours
        return f"{have} has a verdict, {lack} {other.outcome}"
    if ours.outcome != "scored":
        return "neither has a verdict"
    differ = [axis for axis in AXES if ours.verdict(axis) != theirs.verdict(axis)]
    return f"another verdict on the {' and '.join(differ)} axis"
