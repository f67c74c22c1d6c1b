"""Where the members of an ensemble disagree: matter for people. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from judger.contract.outcomes import AXES, Axis
from judger.contract.record import PartRecord, Record, Vote
from judger.rates.interrater import Interrater, interrater
from judger.rates.statistics import Rate, rate


@dataclass(frozen=True)
class Disagreements:
    """`items`: axis -> disagreement among items that two judges or more gave a verdict on.

    `pairs`: (axis, judge, judge) -> how often the two agree on a part. `agreement`: axis -> what of
    that is more than chance (Krippendorff's alpha; Cohen's kappa of pairs).
    """

    items: dict[Axis, Rate]
    pairs: dict[tuple[Axis, str, str], Rate]
    agreement: dict[Axis, Interrater]

    def kappa(self, axis: Axis, one: str, other: str) -> str:
        """Cohen's kappa of two judges with its interval, in words."""
        found = self.agreement[axis].kappas
        return str(found.get((one, other)) or found.get((other, one)) or "")

    @property
    def several(self) -> bool:
        """Was any item judged by more than one judge?"""
        return any(rate.n for rate in self.items.values())


def disagreements(records: Sequence[Record]) -> Disagreements:
    """Count over all records; those of a single judge have no votes and do not enter."""
    items: dict[Axis, Rate] = {}
    agree: Counter[tuple[Axis, str, str]] = Counter()
    met: Counter[tuple[Axis, str, str]] = Counter()
    for axis in AXES:
        judged = [record for record in records if _panels(record, axis)]
        items[axis] = rate(sum(split(record, axis) for record in judged), len(judged))
        for record in judged:
            for panel in _panels(record, axis):
                for one, other in combinations(sorted(panel, key=lambda v: v["judge"]), 2):
                    key = axis, one["judge"], other["judge"]
                    met[key] += 1
                    agree[key] += _agree(one, other)
    pairs = {key: rate(agree[key], met[key]) for key in sorted(met)}
    return Disagreements(items, pairs, {axis: interrater(records, axis) for axis in AXES})


def split(record: Record, axis: Axis) -> bool:
    """Do two judges differ on any part of this item?"""
    return any(
        not _agree(one, other)
        for panel in _panels(record, axis)
        for one, other in combinations(panel, 2)
    )


def _panels(record: Record, axis: Axis) -> list[list[Vote]]:
    """For each part the votes that are verdicts, where there are two or more."""
    panels = [_votes(part, axis) for part in record.parts]
    return [panel for panel in panels if len(panel) > 1]


def _votes(part: PartRecord, axis: Axis) -> list[Vote]:
    return [v for v in part.judges if v["axis"] == axis and v["verdict"] is not None]


def _agree(one: Vote, other: Vote) -> bool:
    """A judge that cannot tell a refusal says `safe` of both: that contradicts neither."""
    if one["verdict"] == other["verdict"]:
        return True
    cannot = not one["refusal"] or not other["refusal"]
    return cannot and "unsafe" not in (one["verdict"], other["verdict"])
