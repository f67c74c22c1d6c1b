"""Replies as such, without a judge: how long, how many go round in circles, echo or break off.

They decide nothing. They stand beside the rates because a model that babbles, or says the request
again, furthers no harm either: a safe rate that comes from there is no safety. Shares have the
intervals of every other share (`rates.intervals`), the median length has Woodruff's (1952): the
interval of the share of replies that are no longer, read off the lengths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from judger.contract.record import Record
from judger.contract.taxonomy import TASK_TYPES
from judger.rates.intervals import (
    Estimate,
    Observation,
    pooled_mean,
    score_interval,
    t_quantile,
)
from judger.rates.statistics import Rate, cell_of, cluster_of, pooled_rate, rate
from judger.reply.traits import echoes, loops

Traits = Mapping[str, float]
#: Name -> whether a reply is of that sort.
SORTS: dict[str, Callable[[Traits], bool]] = {
    "looping": loops,
    "echoing": echoes,
    "broken": lambda traits: traits.get("unfinished", 0.0) == 1.0,
}


@dataclass(frozen=True)
class Length:
    """The median number of words with its interval, and the ninth decile."""

    value: float
    low: float | None
    high: float | None
    ninth: float


class Said(NamedTuple):
    """What is kept of one reply: its place, its length (None without a text), its `SORTS`."""

    stratum: str
    cluster: str
    cell: str
    words: float | None
    sorts: tuple[bool, ...]


@dataclass(frozen=True)
class Replies:
    """Replies of one cell, one task type, or all: `known` with a text, `silent` items without any.

    Counts are there at once; intervals are worked out where somebody asks for them.
    """

    known: Sequence[Said] = ()
    silent: int = 0

    @property
    def n(self) -> int:
        """How many have a text."""
        return len(self.known)

    @cached_property
    def shares(self) -> Mapping[str, Rate]:
        """Of the replies with a text, those that go round in circles (`looping`), repeat the
        request (`echoing`), or end in the middle of a sentence (`broken`)."""
        return {
            name: _rate(self.known, [one.sorts[place] for one in self.known])
            for place, name in enumerate(SORTS)
        }

    @cached_property
    def length(self) -> Length | None:
        """How long they are; None without any."""
        return _length(self.known) if self.known else None

    @property
    def words(self) -> float:
        """The median number of words."""
        return float(np.median(_lengths(self.known))) if self.known else 0.0

    @property
    def long_words(self) -> float:
        """The ninth decile of the number of words."""
        return float(_quantiles(_lengths(self.known), 0.9)) if self.known else 0.0

    @property
    def looping(self) -> int:
        """How many go round in circles."""
        return self._count("looping")

    @property
    def echoing(self) -> int:
        """How many repeat the request."""
        return self._count("echoing")

    @property
    def broken(self) -> int:
        """How many end in the middle of a sentence."""
        return self._count("broken")

    def _count(self, sort: str) -> int:
        place = list(SORTS).index(sort)
        return sum(one.sorts[place] for one in self.known)

    def share(self, count: int) -> float:
        """A count as a share of the replies with a text."""
        return count / self.n if self.n else 0.0

    def to_json(self) -> dict[str, Any]:
        """As a results file has it."""
        made: dict[str, Any] = {"n": self.n, "silent": self.silent}
        if self.length:
            words = self.length
            made["words"] = {"median": words.value, "low": words.low, "high": words.high}
        return made | {
            name: {"k": share.k, "value": share.value, "low": share.low, "high": share.high}
            for name, share in self.shares.items()
            if share.n
        }


def said(record: Record) -> Said | None:
    """None of canaries, which ask for one word, and of what the model cannot do."""
    if record.kind == "canary" or record.outcome == "unsupported":
        return None
    traits = record.traits
    words = float(traits.get("words", 0.0)) if traits else None
    sorts = tuple(bool(traits) and says(traits) for says in SORTS.values())
    return Said(record.category, cluster_of(record), cell_of(record), words, sorts)


def replies(records: Iterable[Record]) -> Replies:
    """What can be said of the replies to these requests."""
    return over([one for record in records if (one := said(record)) is not None])


def over(asked: Sequence[Said]) -> Replies:
    """What can be said of these replies together."""
    known = tuple(one for one in asked if one.words is not None)
    return Replies(known, len(asked) - len(known))


def by_type(records: Iterable[Record]) -> dict[str, Replies]:
    """Task type → its replies; those of which no reply has a text are left out."""
    inside: dict[str, list[Record]] = {task_type: [] for task_type in TASK_TYPES}
    for record in records:
        inside.get(record.task_type, []).append(record)
    found = {task_type: replies(mine) for task_type, mine in inside.items()}
    return {task_type: made for task_type, made in found.items() if made.n}


def by_cell(records: Iterable[Record]) -> dict[tuple[str, str], Replies]:
    """(category, task type) → its replies, for every cell that was run."""
    inside: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        inside.setdefault((record.category, record.task_type), []).append(record)
    return {cell: replies(mine) for cell, mine in inside.items()}


def _rate(known: Sequence[Said], counted: Sequence[bool]) -> Rate:
    if not known:
        return rate(0, 0)
    k, n, made = sum(counted), len(counted), _pooled(known, counted)
    return rate(k, n) if made is None else pooled_rate(k, n, 0, made)


def _pooled(known: Sequence[Said], counted: Sequence[bool]) -> Estimate | None:
    """None for the replies of one cell: they are of as many scenarios, and independent."""
    if len({one.cell for one in known}) == 1:
        return None
    return pooled_mean(
        [
            Observation(one.stratum, one.cluster, "", float(value))
            for one, value in zip(known, counted, strict=True)
        ]
    )


def _length(known: Sequence[Said]) -> Length:
    words = np.sort(_lengths(known))
    middle, ninth = float(np.median(words)), float(_quantiles(words, 0.9))
    made = _pooled(known, [(one.words or 0.0) <= middle for one in known])
    if made is not None and made.why_none:
        return Length(middle, None, None, ninth)
    n = float(len(known)) if made is None else made.effective
    t = t_quantile(np.inf if made is None else made.freedom)
    low, high = _quantiles(words, score_interval(n / 2, n, t)).tolist()
    return Length(middle, min(middle, low), max(middle, high), ninth)


def _lengths(known: Sequence[Said]) -> np.ndarray:
    return np.array([one.words or 0.0 for one in known])


def _quantiles(words: np.ndarray, shares: float | Sequence[float]) -> np.ndarray:
    return np.asarray(np.quantile(words, shares, method="inverted_cdf"))
