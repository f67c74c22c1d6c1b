"""How far the members of an ensemble agree with each other.

Pure functions over records that hold `votes` (`PartRecord.judges`). A unit is one part of one item
on one axis; a member without a verdict on a unit is missing there, never an opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import krippendorff
import numpy as np

from judger.contract.outcomes import OFFERED, Axis
from judger.contract.record import Record, Vote
from judger.rates.agreement import Figure, kappa

NOT_UNSAFE = "not unsafe"


@dataclass(frozen=True)
class Interrater:
    """Agreement on one axis. `alpha` is Krippendorff's (nominal), None where it is not defined.

    `values` are what was compared: the verdicts offered, or, where a member cannot tell refusals,
    unsafe and not unsafe. `kappas` holds Cohen's kappa of each pair that shares a unit.
    """

    axis: Axis
    judges: tuple[str, ...]
    values: tuple[str, ...]
    units: int
    alpha: float | None
    kappas: Mapping[tuple[str, str], Figure]


def interrater(records: Iterable[Record], axis: Axis) -> Interrater:
    """Agreement of all members on one axis, over every part of every record."""
    units = list(_units(records, axis))
    judges = tuple(dict.fromkeys(vote["judge"] for votes in units for vote in votes))
    values: tuple[str, ...] = OFFERED[axis]
    blunt = axis == "contextual" and not all(v["refusal"] for votes in units for v in votes)
    if blunt:
        values = ("unsafe", NOT_UNSAFE)
    codes = np.full((len(judges), len(units)), np.nan)
    for column, votes in enumerate(units):
        for vote in votes:
            if vote["verdict"] is not None:
                said = NOT_UNSAFE if blunt and vote["verdict"] != "unsafe" else vote["verdict"]
                codes[judges.index(vote["judge"]), column] = values.index(said)
    pairs = {(a, b): kappa_of(codes[[i, j]], len(values)) for (i, a), (j, b) in _two(judges)}
    kappas = {pair: figure for pair, figure in pairs.items() if figure.n}
    return Interrater(axis, judges, values, len(units), alpha(codes), kappas)


def alpha(codes: np.ndarray) -> float | None:
    """Krippendorff's alpha of a judges x units array of nominal codes, NaN where one is missing.

    None where it is not defined: no unit with two codes, or one and the same code throughout.
    """
    pairable = codes[:, (~np.isnan(codes)).sum(axis=0) > 1]
    if np.unique(pairable[~np.isnan(pairable)]).size < 2:
        return None
    return float(krippendorff.alpha(reliability_data=codes, level_of_measurement="nominal"))


def _units(records: Iterable[Record], axis: Axis) -> Iterable[list[Vote]]:
    for record in records:
        for part in record.parts:
            votes = [vote for vote in part.judges if vote["axis"] == axis]
            if votes:
                yield votes


def _two(judges: Sequence[str]) -> Iterable[tuple[tuple[int, str], tuple[int, str]]]:
    return combinations(enumerate(judges), 2)


def kappa_of(codes: np.ndarray, size: int) -> Figure:
    """Cohen's kappa of two rows of codes below `size`, NaN where one is missing."""
    both = codes[:, ~np.isnan(codes).any(axis=0)].astype(int)
    table = np.zeros((size, size), dtype=int)
    np.add.at(table, (both[0], both[1]), 1)
    return kappa(table)
