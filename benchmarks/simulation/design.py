"""Made-up runs of which the truth is known: verdicts of dependent forms, judges, labels, rows.

They are as large as the suite: how many scenarios a category holds is counted in its data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from judger.contract.protocol import HALF
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.offline.jsonl import rows as lines
from judger.rates.calibration import Errors
from judger.rates.dominance import Axis
from uni_safe_tasks.scenario.locations import DATA

Array = np.ndarray


def held(limit: int | None = None) -> Counter[str]:
    """Kind -> how many scenarios of it are among the first `limit` of a category, or all of them.

    ValueError where that differs between categories: then no one design is the suite's.
    """
    each = {
        category: Counter(
            row["kind"] for _, row in islice(lines(DATA / f"{category}.jsonl"), limit)
        )
        for category in CATEGORIES
    }
    one = each[next(iter(each))]
    if any(mine != one for mine in each.values()):
        raise ValueError(f"the categories are not alike: {each}")
    return one


#: Harmful scenarios of a category: in the whole suite, in the half, and in the least even `--limit`
#: that asks enough of both kinds for an interval of a category. In the whole, twins are as many.
PAIRS = held()["harmful"]
assert held()["benign"] == PAIRS
OF_HALF = held(HALF)["harmful"]
SMALL = 12
OF_SMALL = held(SMALL)["harmful"]
#: Canaries of a cell, in the whole suite and in the half.
CANARIES, HALF_CANARIES = held()["canary"], held(HALF)["canary"]
#: How alike the forms of one scenario are (intraclass correlation), as measured on real runs.
ICC = 0.3


#: What every interval is held to.
BOUND = 0.93
Interval = tuple[float, float]


class Line(NamedTuple):
    """One line of the table. `share` is held to `least` (or, with `most`, has to lie below it)."""

    what: str
    share: float
    low: float
    width: float
    least: float | None = BOUND
    most: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        above_least = self.least is None or self.share >= self.least
        return above_least and (self.most is None or self.share <= self.most)


def line(what: str, truth: float, made: Sequence[Interval], **more: object) -> Line:
    """How many of these intervals hold the truth."""
    low, high = np.array(made).T
    held = float(((low <= truth) & (truth <= high)).mean())
    return Line(what, held, float((high < truth).mean()), float((high - low).mean()), **more)  # type: ignore[arg-type]


class Design(NamedTuple):
    """So many categories, scenarios of each, and forms of each scenario."""

    categories: int = len(CATEGORIES)
    scenarios: int = PAIRS
    forms: int = len(TASK_TYPES)

    @property
    def clusters(self) -> int:
        return self.categories * self.scenarios

    def counts(self) -> Array:
        """One item of each form of each scenario: cluster x cell."""
        made = np.zeros((self.categories, self.scenarios, self.categories, self.forms))
        for category in range(self.categories):
            made[category, :, category, :] = 1
        return made.reshape(self.clusters, self.categories * self.forms)

    @property
    def strata(self) -> Array:
        """The category of each scenario."""
        return np.repeat(np.arange(self.categories), self.scenarios)


def verdicts(
    rng: np.random.Generator, runs: int, design: Design, rates: float | Sequence[float]
) -> Array:
    """1 for unsafe: run x cluster x form. Each scenario has a chance of its own (beta), which its
    forms share; `rates` are by category."""
    p = np.broadcast_to(rates, design.categories).repeat(design.scenarios)
    scale = (1 - ICC) / ICC
    chance = rng.beta(p * scale, (1 - p) * scale, size=(runs, design.clusters))
    return (rng.random((runs, design.clusters, design.forms)) < chance[..., None]).astype(float)


def spread_out(values: Array, design: Design) -> Array:
    """Run x cluster x form as run x cluster x cell."""
    made = np.zeros((len(values), design.clusters, design.categories * design.forms))
    for category in range(design.categories):
        rows = slice(category * design.scenarios, (category + 1) * design.scenarios)
        columns = slice(category * design.forms, (category + 1) * design.forms)
        made[:, rows, columns] = values[:, rows]
    return made


def judged(
    rng: np.random.Generator,
    truth: Array,
    design: Design,
    sensitivity: float | Sequence[float],
    specificity: float | Sequence[float],
) -> Array:
    """What a judge of this accuracy (by category) says of the truth."""
    shape = (1, design.clusters, 1)
    se, sp = (
        np.broadcast_to(x, design.categories).repeat(design.scenarios).reshape(shape)
        for x in (sensitivity, specificity)
    )
    drawn = rng.random(truth.shape)
    return np.where(truth == 1, drawn < se, drawn >= sp).astype(float)


def measured(
    rng: np.random.Generator,
    design: Design,
    sensitivity: float | Sequence[float],
    specificity: float | Sequence[float],
    positive: int,
    negative: int,
) -> list[Errors]:
    """The errors of that judge in each category, on so many labels of each side a category."""
    hits, passes = (
        rng.binomial(n, np.broadcast_to(x, design.categories)).tolist()
        for n, x in ((positive, sensitivity), (negative, specificity))
    )
    return [
        Errors(tp=h, fn=positive - h, tn=p, fp=negative - p)
        for h, p in zip(hits, passes, strict=True)
    ]


def compared(
    rng: np.random.Generator,
    runs: int,
    rates: Sequence[float] | Array,
    design: Design,
    shared: float = 0.3,
    icc: float = ICC,
) -> Array:
    """Models of these rates on the same items: run x model x cluster x form. `shared`: how far they
    find the same scenarios hard; `icc / 2` more is a model's own."""
    size = np.shape(rates)[-1]
    common = rng.standard_normal((runs, 1, design.clusters, 1))
    own = rng.standard_normal((runs, size, design.clusters, 1))
    each = rng.standard_normal((runs, size, design.clusters, design.forms))
    rest = 1 - shared - icc / 2
    latent = np.sqrt(shared) * common + np.sqrt(icc / 2) * own + np.sqrt(rest) * each
    limits = ndtri(np.broadcast_to(rates, (runs, size)))[:, :, None, None]
    judged: np.ndarray = (latent < limits).astype(float)
    return judged


def rows(
    rng: np.random.Generator,
    rates: Sequence[float] | Array,
    design: Design,
    shared: float = 0.3,
    gaps: float = 0.0,
) -> Axis:
    """One metric of a board; a share `gaps` of the items has no verdict."""
    values = compared(rng, 1, rates, design, shared)[0].reshape(len(rates), -1)
    if gaps:
        values[rng.random(values.shape) < gaps] = np.nan
    cells = design.strata[:, None] * design.forms + np.arange(design.forms)
    clusters = np.repeat(np.arange(design.clusters), design.forms)
    return Axis(values, cells.ravel(), clusters, design.strata, True)
