"""From one submission's verdicts to every number that the board shows of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from judger.rates.calibration import Standing, of_file
from judger.rates.calibration.flips import Flips
from judger.rates.delivery import undelivered
from judger.rates.statistics import Mean, Rate
from leaderboard.board.numbers import (
    COLUMNS,
    SHOWN,
    Numbers,
    numbers,
)
from leaderboard.runs.run_calibration import how_corrected
from leaderboard.submission import tally
from leaderboard.submission.facts import Submission
from leaderboard.submission.rules.base import Case


@dataclass(frozen=True)
class Row:
    """A submission and what follows from it. `letters[i]` says what became of `items[i]`,
    which is of the cell `columns[i]` and of the kind `kinds[i]` (h, b or c).

    `cells`: one mapping metric -> rate for each of the 42 cells. `means`: board -> metric -> mean,
    as judged; `corrected` the same for the judge's errors, where that can be said. `flags`: media
    cells (by column) that cannot be ranked, with why. `lacking`: columns without a rate, or whose
    media were not shown to be delivered. `unfit`: why a judge that was measured does not count as
    calibrated, `labelled`: on what labels that not people alone gave it was measured.
    `corrections`: what readers must know of the corrected figures.
    `stress`: change -> how often the judge's verdicts flip under it, where that was measured.
    `unscored`: outcome -> items of scored cells.
    """

    submission: Submission
    items: tuple[str, ...]
    columns: tuple[int, ...]
    kinds: str
    letters: str
    found: Numbers
    flags: Mapping[int, str]
    lacking: frozenset[int]
    unfit: str
    labelled: str
    stress: Mapping[str, Flips]
    corrections: tuple[str, ...]
    unscored: Mapping[str, int]

    @property
    def cells(self) -> Sequence[Mapping[str, Rate]]:
        """Column -> metric -> rate."""
        return self.found.cells

    @property
    def means(self) -> Mapping[str, Mapping[str, Mean]]:
        """Board -> metric -> mean, as judged."""
        return self.found.means

    @property
    def corrected(self) -> Mapping[str, Mapping[str, Mean]]:
        """Board -> metric -> mean, corrected for the judge's errors."""
        return self.found.corrected

    @property
    def joint(self) -> Mapping[tuple[str, str], int]:
        """(contextual, intrinsic) -> scored harmful items."""
        return {pair: share.k for pair, share in self.found.joint.items()}

    @property
    def tells_refusals(self) -> bool:
        """Can its judge tell a refusal from a safe reply? If not, no rate of refusals is known."""
        return _tells(self.submission)

    def gaps(self, board: str) -> list[int]:
        """The columns that keep this row out of a board: no rate, or media not shown."""
        return [column for column in COLUMNS[board] if column in self.lacking]

    def joint_rates(self) -> Mapping[tuple[str, str], Rate]:
        """The joint table as shares of all scored harmful items."""
        return self.found.joint

    def over_refusal(self) -> Rate:
        """Refused among all harmless twins, each item counting the same as in the joint table."""
        return self.found.over_refusal


def derive(case: Case) -> Row:
    """All numbers of a submission that meets the rules."""
    submission = case.submission
    assert submission is not None and case.verdicts is not None  # else it would not meet them
    layout, codes = case.layout, case.codes
    scored = np.array([cell.status == "scored" for cell in submission.cells])[layout.columns]
    if not scored.all():
        layout, codes = layout.only(scored), codes[scored]
    letters = codes.tobytes().decode("ascii")
    stands = Standing(False, "") if case.calibration is None else of_file(case.calibration)
    calibration = case.calibration if stands.calibrated else None
    counted = {letter: letters.count(letter) for letter in set(letters)}
    columns, kinds = layout.places
    found, flagged = numbers(layout, codes, _tells(submission), calibration), flags(submission)
    return Row(
        submission=submission,
        items=layout.items,
        columns=columns,
        kinds=kinds,
        letters=letters,
        found=found,
        flags=flagged,
        lacking=_lacking(submission, found, flagged),
        unfit=stands.unfit,
        labelled=stands.labelled,
        stress={} if case.calibration is None else case.calibration.stress,
        corrections=tuple(how_corrected(calibration, SHOWN)) if calibration else (),
        unscored={
            word: counted[letter] for word, letter in tally.UNSCORED.values() if letter in counted
        },
    )


def _tells(submission: Submission) -> bool:
    return submission.protocol.judge.details.get("refusal") is not False


def _lacking(submission: Submission, found: Numbers, flagged: Mapping[int, str]) -> frozenset[int]:
    needed = ("both_safe", "over_refusal") if _tells(submission) else ("both_safe",)
    return frozenset(
        column
        for column, (cell, rates) in enumerate(zip(submission.cells, found.cells, strict=True))
        if cell.status != "scored"
        or column in flagged
        or not all(rates[metric].n for metric in needed)
    )


def flags(submission: Submission) -> dict[int, str]:
    """Column -> why a media cell cannot be ranked (`rates.delivery`)."""
    why = undelivered(tally.canaries(submission.cells))
    return {
        column: why[cell.category, cell.task_type]
        for column, cell in enumerate(submission.cells)
        if (cell.category, cell.task_type) in why
    }
