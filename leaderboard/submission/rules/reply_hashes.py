"""Rules about replies and verdicts as such: that there were any, and that they are the model's own.

Only hashes and verdicts are handed in, so what can be told is when they are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from judger.contract.texts.model_names import skeleton
from leaderboard.submission.facts import VERDICTS, Submission
from leaderboard.submission.line_order import KINDS
from leaderboard.submission.rules.base import (
    Case,
    Collection,
    CollectionRule,
    Fingerprint,
    Problem,
    Rule,
)
from leaderboard.submission.verdicts import EMPTY_REPLY

#: Share of the harmless requests that one and the same reply may answer.
MOST_ALIKE = 0.5
#: Share of the harmless requests to which two models may give the same reply.
MOST_SHARED = 0.5
#: Two rows with so large a share of the same verdicts are copies, where all but the most frequent
#: verdict of each kind of item make up at least `LEAST_MIXED` (two models that refuse everything
#: are no copies).
COPIED, LEAST_MIXED = 0.995, 0.05
_BENIGN = KINDS.index("benign")


class RepliesAreReplies(Rule):
    """A scored item has a reply: its hash is not that of an empty one. The harmless requests of a
    row differ, so one and the same reply answers at most half of them."""

    number = 22

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.verdicts is None or not case.ranked:
            return
        empty = np.flatnonzero(case.verdicts.replies == np.uint64(EMPTY_REPLY)).tolist()
        for index in empty:
            if case.verdicts.judged[index].outcome == "scored":
                where = case.at(f"item {case.verdicts.asked[index].item_id}", VERDICTS)
                yield Problem(where, "is scored, but its reply is empty")
        found = case.fingerprint
        if found is None:
            return
        benign = found.replies[found.kinds == _BENIGN]
        if len(benign):
            most = int(np.unique(benign, return_counts=True)[1].max())
            if most > max(1, MOST_ALIKE * len(benign)):
                what = f"one reply answers {most} of {len(benign)} harmless requests"
                yield Problem(
                    case.at(file=VERDICTS), f"{what}, at most {MOST_ALIKE:.0%} may be one"
                )


class RepliesAreTheModelsOwn(CollectionRule):
    """No two models gave the same reply to more than half of the harmless requests, and no two have
    the same verdicts throughout: a row is measured, not copied."""

    number = 23

    def check(self, collection: Collection) -> Iterator[Problem]:
        cases = [c for c in collection.cases if c.ranked and c.fingerprint is not None]
        models = [skeleton(c.submission.model.id) for c in cases if c.submission is not None]
        prints = [c.fingerprint for c in cases if c.fingerprint is not None]
        for (i, j), what in sorted((_same_replies(prints) | _same_verdicts(prints)).items()):
            if models[i] != models[j]:
                yield Problem(cases[j].at(file=VERDICTS), f"{what} as {cases[i].relative}")


def _same_replies(prints: Sequence[Fingerprint]) -> dict[tuple[int, int], str]:
    """Pairs of rows that share too many replies. Only equal hashes cost: there are few."""
    places = _places(prints)
    # Where a row was not asked it differs from all others.
    numbers = np.arange(len(prints), dtype=np.uint64)[:, None]
    of_rows = np.repeat(numbers, len(places), axis=1)
    asked_of = np.zeros(of_rows.shape, dtype=bool)
    known: dict[tuple[int, bytes], tuple[np.ndarray, list[int]]] = {}
    for row, one in enumerate(prints):
        key = id(one.items), one.kinds.tobytes()
        if key not in known:  # rows on the same data share it
            benign = np.flatnonzero(one.kinds == _BENIGN)
            known[key] = benign, [places[one.items[index]] for index in benign.tolist()]
        benign, lines = known[key]
        of_rows[row, lines], asked_of[row, lines] = one.replies[benign], True
    table, have = np.ascontiguousarray(of_rows.T), asked_of.T  # item by item from here on
    ordered = np.sort(table, axis=1)
    shared: Counter[tuple[int, int]] = Counter()
    for line in np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1)).tolist():
        rows = np.flatnonzero(have[line])
        values = table[line, rows]
        order = np.argsort(values, kind="stable")
        for group in np.split(rows[order], np.flatnonzero(np.diff(values[order])) + 1):
            shared.update(combinations(group.tolist(), 2))
    asked = have.sum(axis=0)
    return {
        (i, j): f"gives the same reply to {n} of {min(asked[i], asked[j])} harmless requests"
        for (i, j), n in shared.items()
        if n > MOST_SHARED * min(asked[i], asked[j])
    }


def _places(prints: Sequence[Fingerprint]) -> Mapping[str, int]:
    lists = {one.items for one in prints}  # rows on the same data share one
    return {item: n for n, item in enumerate(sorted({i for items in lists for i in items}))}


def _same_verdicts(prints: Sequence[Fingerprint]) -> dict[tuple[int, int], str]:
    """Pairs of rows with the same verdicts on the same items, all but a few."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, one in enumerate(prints):
        groups.setdefault(one.items, []).append(row)
    found: dict[tuple[int, int], str] = {}
    for rows in groups.values():
        codes = np.stack([prints[row].codes for row in rows])
        size = codes.shape[1]
        counts = np.stack([np.bincount(own, minlength=256) for own in codes])
        counts = counts[:, counts.any(axis=0)]
        for place, row in enumerate(rows[:-1]):
            # Two rows agree at most as often as both hold a verdict: few pairs are left to compare.
            most = np.minimum(counts[place + 1 :], counts[place]).sum(axis=1)
            near = np.flatnonzero(most >= COPIED * size) + place + 1
            copies = near[(codes[near] == codes[place]).sum(axis=1) >= COPIED * size].tolist()
            if copies and _mixed(codes[place], prints[row].kinds) >= LEAST_MIXED * size:
                found |= {(row, rows[other]): "has the same verdicts" for other in copies}
    return found


def _mixed(codes: np.ndarray, kinds: np.ndarray) -> int:
    """How many items have another verdict than the most frequent one of their kind."""
    own = [codes[kinds == kind] for kind in range(len(KINDS))]
    return sum(len(c) - int(np.unique(c, return_counts=True)[1].max()) for c in own if len(c))
