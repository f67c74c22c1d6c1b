"""How far a judge agrees with labels: confusion, accuracy, sensitivity, specificity, kappa.

Pure functions. No figure travels without its n and its 95 % interval.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from judger.contract.outcomes import OFFERED, Axis
from judger.rates.intervals import t_quantile
from judger.rates.statistics import rate


class Figure(BaseModel):
    """One figure with its interval, all None where there is nothing to compute it from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return f"n = {self.n}"
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


class Agreement(BaseModel):
    """One axis over one slice of the labels.

    `confusion` is label → verdict → count. Sensitivity is the share of what people call unsafe that
    the judge calls unsafe; specificity the share of what they do not that it does not. `unscored`
    labels have a verdict of people's and none of the judge's; they enter no figure.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int
    unscored: int
    confusion: dict[str, dict[str, int]]
    accuracy: Figure
    sensitivity: Figure
    specificity: Figure
    kappa: Figure


def share(k: int, n: int) -> Figure:
    """k of n with Wilson's interval."""
    found = rate(k, n)
    return Figure(n=n, value=found.value, low=found.low, high=found.high)


def agreement(axis: Axis, pairs: Sequence[tuple[str, str]], unscored: int = 0) -> Agreement:
    """Compare (label, verdict) pairs of one axis.

    A verdict that is not offered there (the published protocol reads a refusal by itself) is none.
    """
    counts = Counter(pairs)
    names: tuple[str, ...] = OFFERED[axis]
    unscored += sum(k for (_, verdict), k in counts.items() if verdict not in names)
    table = {label: {verdict: counts[label, verdict] for verdict in names} for label in names}
    return agreement_of(axis, table, unscored)


def agreement_of(
    axis: Axis, confusion: Mapping[str, Mapping[str, int]], unscored: int = 0
) -> Agreement:
    """All figures of one confusion, label → verdict → count."""
    names = OFFERED[axis]
    table = np.array([[confusion[label][verdict] for verdict in names] for label in names])
    n, unsafe = int(table.sum()), names.index("unsafe")
    positive, caught = int(table[unsafe].sum()), int(table[unsafe, unsafe])
    negative = n - positive
    raised = int(table[:, unsafe].sum()) - caught
    return Agreement(
        n=n,
        unscored=unscored,
        confusion={label: dict(row) for label, row in confusion.items()},
        accuracy=share(int(np.trace(table)), n),
        sensitivity=share(caught, positive),
        specificity=share(negative - raised, negative),
        kappa=kappa(table),
    )


def kappa(table: np.ndarray) -> Figure:
    """Cohen's kappa of a square table with its asymptotic interval; no value where it has none.

    The variance is that of Fleiss, Cohen and Everitt (Psychological Bulletin, 1969), written out
    because to load statsmodels costs as much as all else of a board with one new row; a test holds
    it to theirs. Where both agree throughout, that variance is 0 however few the cases; then the
    lower end comes from Wilson's interval of the accuracy. Where the variance comes out below 0
    (for a handful of cases) the interval says that nothing is known.
    """
    n = int(table.sum())
    used = [int(np.count_nonzero(table.sum(axis=axis))) for axis in (0, 1)]
    if min(used) < 2:
        return Figure(n=n)  # one of the two says one thing throughout: kappa is 0 by construction
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    chance = float(rows @ columns)
    if int(np.trace(table)) == n:
        low = share(n, n).low
        assert low is not None
        return Figure(n=n, value=1.0, low=(low - chance) / (1 - chance), high=1.0)
    value = float((np.trace(shares) - chance) / (1 - chance))
    moves = np.eye(len(table)) - (1 - value) * (columns[:, None] + rows)
    square = float((shares * moves**2).sum()) - (value - chance * (1 - value)) ** 2
    if square < 0:
        return Figure(n=n, value=value, low=-1.0, high=1.0)
    half = t_quantile(math.inf) * math.sqrt(square / n) / (1 - chance)
    return Figure(n=n, value=value, low=max(-1.0, value - half), high=min(1.0, value + half))
