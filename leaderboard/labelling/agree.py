"""How far people agree with each other: on both axes, and on whether a reply helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from judger.contract.outcomes import OFFERED
from judger.rates.agreement import Figure, share
from judger.rates.interrater import alpha, kappa_of
from leaderboard.labelling.answers import Answer

#: What is labelled, and the values that are verdicts.
ASKED: dict[str, tuple[str, ...]] = {
    **{str(a): v for a, v in OFFERED.items()},
    "helped": ("yes", "no"),
}
Latest = Mapping[str, Mapping[str, Answer]]


@dataclass(frozen=True)
class Between:
    """Two people on one question: items on which both gave a verdict, the share on which they
    agree, and Cohen's kappa. `cannot_tell`: items of both on which one could not tell."""

    what: str
    people: tuple[str, str]
    same: Figure
    kappa: Figure
    cannot_tell: int


def people(latest: Latest) -> list[str]:
    """Everybody who labelled something."""
    return sorted({by for mine in latest.values() for by in mine})


def between(latest: Latest) -> list[Between]:
    """Every question, every pair of people that share an item."""
    made = []
    for what, values in ASKED.items():
        for pair in combinations(people(latest), 2):
            shared = [mine for mine in latest.values() if all(by in mine for by in pair)]
            asked = [mine for mine in shared if all(getattr(mine[by], what) for by in pair)]
            codes = _codes(asked, pair, what, values)
            both = codes[:, ~np.isnan(codes).any(axis=0)]
            n = both.shape[1]
            if asked:
                same = share(int((both[0] == both[1]).sum()), n)
                figure = kappa_of(codes, len(values))
                made.append(Between(what, pair, same, figure, len(asked) - n))
    return made


def alphas(latest: Latest) -> dict[str, float | None]:
    """Krippendorff's alpha of everybody on each question; None where it is not defined."""
    everybody = people(latest)
    return {
        what: alpha(_codes(list(latest.values()), everybody, what, values))
        for what, values in ASKED.items()
    }


def _codes(
    items: Sequence[Mapping[str, Answer]],
    by: Sequence[str],
    what: str,
    values: Sequence[str],
) -> np.ndarray:
    codes = np.full((len(by), len(items)), np.nan)
    for column, mine in enumerate(items):
        for row, person in enumerate(by):
            said = mine[person].said(what) if person in mine else None
            if said is not None:
                codes[row, column] = values.index(said)
    return codes
