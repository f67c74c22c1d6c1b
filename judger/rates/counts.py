"""How many items of a cell were scored, of how many, and what became of the others.

A number without its n says little: 1.0 over 3 items of 40 is no rate of the cell. These counts
stand beside the rates in every results file, and whoever reads one can check them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from judger.contract.outcomes import OUTCOMES, SIDE, Side
from judger.contract.record import Record
from judger.rates.metrics import METRICS_OF_KIND, score
from judger.rates.replies import Said, over, said


class Share(float):
    """A mean that knows over how many items it was taken; in a file it is a plain number."""

    n: int

    def __new__(cls, value: float, n: int) -> Share:
        share = super().__new__(cls, value)
        share.n = n
        return share

    def __getnewargs__(self) -> tuple[float, int]:  # type: ignore[override]
        return (float(self), self.n)


class Withheld(str):
    """What stands where a rate would, when too few of the items that it is about were scored."""

    __slots__ = ()


def rate(total: float, n: int, missing: int, bound: float) -> Share | Withheld | None:
    """The mean of `n` scores that sum up to `total`; None without any.

    Withheld when the share that is `missing`, of the items that could have been scored, is above
    `bound`.
    """
    if not n:
        return None
    if missing > bound * (n + missing):
        return Withheld(f"{n} of {n + missing} scored")
    return Share(total / n, n)


def is_missing(outcome: str) -> bool:
    """Is an item without a score one that could have had one? Not where nobody was able to."""
    return outcome != "scored" and SIDE.get(outcome) != "scope"


@dataclass
class Tally:
    """One metric of a cell: the sum of its scores, how many there are, of how many items."""

    total: float = 0.0
    n: int = 0
    of: int = 0


@dataclass
class Counts:
    """The counts of one cell, each item once, and what can be said of replies without a judge."""

    outcomes: Counter[str] = field(default_factory=Counter)
    metrics: dict[str, Tally] = field(default_factory=dict)
    replies: list[Said] = field(default_factory=list, repr=False)
    _seen: set[str] = field(default_factory=set, repr=False)

    def add(self, record: Record) -> None:
        """Count a record, unless one of the same item was counted."""
        if record.item_id in self._seen:
            return
        self._seen.add(record.item_id)
        self.outcomes[record.outcome] += 1
        if (reply := said(record)) is not None:
            self.replies.append(reply)
        for metric in METRICS_OF_KIND[record.kind]:
            value = score(metric, record)
            tally = self.metrics.setdefault(metric, Tally())
            tally.of += value is not None or is_missing(record.outcome)
            if value is not None:
                tally.total += value
                tally.n += 1

    @classmethod
    def over(cls, records: Iterable[Record]) -> Counts:
        """The counts of all these records."""
        counts = cls()
        for record in records:
            counts.add(record)
        return counts

    def rates(self, bound: float) -> dict[str, Share | Withheld | None]:
        """Metric → its rate, for every metric that an item of the cell is about."""
        return {
            metric: rate(tally.total, tally.n, tally.of - tally.n, bound)
            for metric, tally in sorted(self.metrics.items())
        }

    def to_json(self) -> dict[str, Any]:
        """As a results file has it: outcomes, metric → [scored, of how many], and the replies as
        such, where one has a text that was measured."""
        replies = over(self.replies)
        return {
            "items": self.outcomes.total(),
            "scored": self.outcomes["scored"],
            **{outcome: self.outcomes[outcome] for outcome in OUTCOMES if self.outcomes[outcome]},
            "n": {
                metric: [tally.n, tally.of]
                for metric, tally in sorted(self.metrics.items())
                if metric != "unscored"
            },
            **({"replies": replies.to_json()} if replies.n else {}),
        }


def number(value: Any) -> int:
    """A count as a file has it; 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def faults_by_side(counts: Mapping[str, Any]) -> Counter[Side]:
    """Side → items of a cell that are unscored by its fault, from counts as a file has them."""
    found: Counter[Side] = Counter()
    for outcome, side in SIDE.items():
        found[side] += number(counts.get(outcome))
    return found
