"""A storm: thousands of replies in one run, a third of them faults of all kinds, many at once."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leaderboard.conformance.endpoint import Endpoint
from leaderboard.conformance.ours import OurScorer
from leaderboard.conformance.rows import STOPPED, Row, Serve, rows
from leaderboard.conformance.run import asked_of, made
from leaderboard.conformance.scorer import Asked, Got

#: The share of replies, or of their judge's answers, that are faults.
SHARE = 0.35
#: Settings of the judge: many questions at once, and little patience with what never answers.
SETTINGS = {"CONCURRENCY": "64", "TIMEOUT": "2", "DEADLINE": "4", "RETRIES": "1"}
#: A plain control is drawn so many times as often as one with a medium or a slip of the judge's.
_PLAIN = 12


@dataclass
class Outcome:
    """What came of a storm: names of items by what is wrong with them, and counts."""

    drawn: list[Row]
    wrong: list[str] = field(default_factory=list)
    verdicts_from_faults: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    #: Sound replies whose judge erred at first, and that were given up: no fault of the scorer's.
    slipped: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def faults(self) -> int:
        """How many items were faults."""
        return sum(row.is_fault for row in self.drawn)

    @property
    def kinds(self) -> int:
        """Of how many kinds they were."""
        return len({row.name for row in self.drawn if row.is_fault})

    @property
    def passed(self) -> bool:
        """Every sound item has its label, no fault has one, and each without one says why."""
        return not (self.wrong or self.verdicts_from_faults or self.unexplained or self.lost)


def draw(items: int, seed: int) -> list[Row]:
    """So many rows in random order; faults with a file come half as often as the others."""
    dice = random.Random(seed)
    known = [row for row in rows() if not (row.serve and row.serve.everywhere)]
    faults = [row for row in known if row.is_fault and row.outcome != STOPPED]
    sound = [row for row in known if not row.is_fault]
    weights = [_PLAIN if row.serve is None and not row.file else 1 for row in sound]
    dice.shuffle(faults)
    # Every broken file is opened by a process of its own, which costs more than all the rest.
    deck = [*faults, *(row for row in faults if not row.file)]
    count = round(items * SHARE)
    drawn = [deck[i % len(deck)] for i in range(count)]
    drawn += dice.choices(sound, weights, k=items - count)
    dice.shuffle(drawn)
    return drawn


def storm(items: int, seed: int) -> Outcome:
    """Run a storm through the scorer of this suite."""
    drawn = draw(items, seed)
    scorer = OurScorer(**SETTINGS)
    with Endpoint(scorer) as endpoint, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / "storm"
        asked = _asked(drawn, folder)
        endpoint.cases = {n: row.serve or Serve() for n, row in enumerate(drawn, 1)}
        found = scorer.score(asked, endpoint.url(), folder)
    return compare(drawn, asked, found)


def _asked(drawn: Sequence[Row], folder: Path) -> list[Asked]:
    """The requests of all items; the file of a row is made once."""
    files: dict[str, str] = {}
    for row in drawn:
        if row.name not in files:
            name = made(row, folder / row.name)
            files[row.name] = f"{row.name}/{name}" if name else ""
    return [
        asked_of(row, number, files[row.name], folder / row.name)
        for number, row in enumerate(drawn, 1)
    ]


def compare(drawn: Sequence[Row], asked: Sequence[Asked], found: Mapping[str, Got]) -> Outcome:
    """What of it is as it has to be, item by item."""
    outcome = Outcome(list(drawn))
    for row, one in zip(drawn, asked, strict=True):
        got = found.get(one.item_id, Got())
        outcome.outcomes[got.outcome] += 1
        if got.is_verdict:
            if row.is_fault:
                outcome.verdicts_from_faults.append(one.item_id)
            elif (got.contextual, got.intrinsic) != row.verdicts:
                outcome.wrong.append(one.item_id)
        else:
            if not row.is_fault:
                # In a storm, a judge that slips once may be asked no second time in time.
                kept = outcome.slipped if row.serve else outcome.lost
                kept.append(f"{one.item_id}: {got.outcome}: {got.reason}")
            if not got.reason:
                outcome.unexplained.append(one.item_id)
    return outcome
