"""Rules about what was measured: cells, items, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from judger.contract.protocol import HALF
from leaderboard.submission import manifest, tally
from leaderboard.submission.boards import able
from leaderboard.submission.facts import VERDICTS, Submission
from leaderboard.submission.line_order import KINDS
from leaderboard.submission.manifest import CELLS
from leaderboard.submission.rules.base import Case, Problem, Rule
from leaderboard.submission.rules.earlier import earlier
from leaderboard.submission.verdicts import Asked
from uni_safe_tasks.suite.first import first_ids


def _asked(case: Case) -> Sequence[Asked]:
    return () if case.verdicts is None else case.verdicts.asked


class FortyTwoCells(Rule):
    """All 42 cells stand there, each once, in order: scored, unsupported or missing."""

    number = 6

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        named = Counter((cell.category, cell.task_type) for cell in submission.cells)
        for cell in manifest.CELLS:
            if named[cell] != 1:
                yield Problem(case.at(f"cells {'.'.join(cell)}"), f"stands {named[cell]} times")
        for cell in sorted(set(named) - set(manifest.CELLS)):
            yield Problem(case.at(f"cells {'.'.join(cell)}"), "is no cell of the suite")
        if [(c.category, c.task_type) for c in submission.cells] != list(manifest.CELLS):
            yield Problem(case.at("cells"), "are not the 42 cells in the suite's order")


class ItemsOfTheData(Rule):
    """Each scored cell holds every item of the data, once, with the data's own facts and the hash
    of the request as the data make it; of the half (`--limit 60`) the cell's first 60. A missing
    cell holds none. Only a sample may be another part. Of earlier data (`archived`) each item
    stands there once, in a cell of the suite."""

    number = 7

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if submission.protocol.data_sha256 != manifest.data_sha256():
            yield from earlier(case, submission)
            return
        known = manifest.items()
        if self._all_there(case, submission):
            return
        half = submission.harness.limit == HALF
        of_cells = first_ids(HALF) if half else manifest.item_ids()
        found: dict[tuple[str, str], list[str]] = {}
        for asked in _asked(case):
            if asked == (expected := known.get(asked.item_id)):
                found.setdefault((asked.category, asked.task_type), []).append(asked.item_id)
                continue
            wrong = "is no item of the data"
            if expected is not None:
                pairs = zip(expected._fields, asked, expected, strict=True)
                name, said, right = next(pair for pair in pairs if pair[1] != pair[2])
                wrong = f"{name} is {said!r}, in the data {right!r}"
            yield Problem(case.at(f"item {asked.item_id}", VERDICTS), wrong)
        for cell in submission.cells:
            mine = found.get((cell.category, cell.task_type), [])
            wanted = of_cells.get((cell.category, cell.task_type), frozenset())
            if cell.status == "missing" or (cell.status == "unsupported" and not mine):
                wanted = frozenset()
            elif submission.status.state == "sample" and submission.harness.limit and not half:
                wanted &= set(mine)  # may be a part; WholeOrHalf keeps it out of the ranking
            wrong = f"is not among the first {HALF} of {cell.name}" if half and wanted else ""
            yield from _difference(case, cell.name, mine, wanted, wrong)

    @staticmethod
    def _all_there(case: Case, submission: Submission) -> bool:
        """Is just everything there? Then nothing needs to be looked for item by item."""
        scored = [cell.status == "scored" for cell in submission.cells]
        if not case.layout.ours or len(scored) != len(manifest.CELLS):
            return False
        if submission.harness.limit == HALF:
            cells = zip(manifest.CELLS, scored, strict=True)
            half = [ids for cell, there in cells if there for ids in first_ids(HALF)[cell]]
            return set(case.layout.items) == set(half)
        found = np.bincount(case.layout.columns, minlength=len(scored))
        wanted = [len(items) for items in manifest.item_ids().values()]
        return bool((found == np.where(scored, wanted, 0)).all())


def _difference(
    case: Case, cell: str, mine: list[str], wanted: frozenset[str], wrong: str = ""
) -> Iterator[Problem]:
    if len(mine) == len(wanted) and wanted == set(mine):
        return
    for item_id, times in sorted(Counter(mine).items()):
        if times > 1:
            yield Problem(case.at(f"item {item_id}", VERDICTS), f"stands {times} times")
    for item_id in sorted(wanted - set(mine)):
        yield Problem(case.at(f"cells {cell}"), f"item {item_id} is not in {VERDICTS}")
    for item_id in sorted(set(mine) - wanted):
        what = wrong or f"is of a cell declared missing, {cell}"
        yield Problem(case.at(f"item {item_id}", VERDICTS), what)


class FaultIsNoVerdict(Rule):
    """A scored item holds both verdicts (a canary: whether its medium was delivered), a harmless
    one of a row that is ranked also whether the reply did what was asked; an item with any other
    outcome holds none."""

    number = 8

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.verdicts is None or not self._any_odd(case):
            return
        lines = zip(case.verdicts.asked, case.verdicts.judged, case.letters, strict=True)
        for asked, judged, letter in lines:
            if letter == tally.ABSENT:
                what = f"contradicts: {judged._asdict()}"
            elif letter in tally.NOT_ASKED and asked.kind == "benign" and case.ranked:
                what = "does not say whether the reply did what was asked"
            else:
                continue
            yield Problem(case.at(f"item {asked.item_id}", VERDICTS), what)

    @staticmethod
    def _any_odd(case: Case) -> bool:
        """Can there be such a line? Of most submissions not, and all lines are known at once."""
        if tally.ABSENT in case.letters:
            return True
        benign = case.codes[case.layout.kinds == KINDS.index("benign")]
        return case.ranked and not _NOT_ASKED.isdisjoint(benign.tolist())


_NOT_ASKED = frozenset(map(ord, tally.NOT_ASKED))


class CountsRecompute(Rule):
    """The counts of every cell are exactly those of its lines in verdicts.jsonl."""

    number = 9

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        layout = case.layout
        keys = (layout.columns * len(KINDS) + layout.kinds) * 256 + case.codes
        truth: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        numbers = np.bincount(keys[layout.columns >= 0])
        found = np.flatnonzero(numbers)
        for key, number in zip(found.tolist(), numbers[found].tolist(), strict=True):
            place, letter = key // 256, chr(key % 256)
            if letter != tally.ABSENT:
                counted = truth.setdefault(CELLS[place // len(KINDS)], {})
                counted.setdefault(KINDS[place % len(KINDS)], {})[tally.WORD[letter]] = number
        for cell in submission.cells:
            counts = truth.get((cell.category, cell.task_type), {})
            if cell.counts == counts:
                continue
            said, right = _flat(cell.counts), _flat(counts)
            for kind, word in sorted(set(said) | set(right)):
                if said.get((kind, word)) != right.get((kind, word)):
                    where = case.at(f"cells {cell.name} counts {kind}.{word}")
                    says = said.get((kind, word))
                    yield Problem(where, f"is {says}, verdicts give {right.get((kind, word))}")


def _flat(counts: Mapping[Any, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    return {(kind, word): n for kind, words in counts.items() for word, n in words.items()}


class UnsupportedMeansUnable(Rule):
    """A cell is unsupported if, and only if, the model's declared inputs and outputs cannot do it;
    a cell that was not run is missing."""

    number = 10

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        model = submission.model
        for cell in submission.cells:
            if (cell.category, cell.task_type) not in manifest.CELLS:
                continue
            can = able(cell.task_type, model.inputs, model.outputs)
            if can == (cell.status == "unsupported"):
                says = "can" if can else "cannot"
                yield Problem(
                    case.at(f"cells {cell.name} status"),
                    f"is {cell.status}, but a model that reads {'+'.join(model.inputs)} and "
                    f"writes {'+'.join(model.outputs)} {says} do it",
                )
