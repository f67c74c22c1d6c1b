"""Coverage of differences: two models, one cell, one model in two forms, families of models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import sqrt

import numpy as np

from benchmarks.simulation.design import (
    OF_HALF,
    OF_SMALL,
    PAIRS,
    SMALL,
    Array,
    Design,
    Interval,
    Line,
    compared,
    line,
    spread_out,
)
from judger.rates.family import as_family
from judger.rates.intervals import spread
from judger.rates.paired import Pair, Paired, by_student, effective_pairs, paired
from leaderboard.compare.over_models import FAMILIES, generalised

CHUNK = 100


def decided(apart: Array, design: Design) -> list[Paired]:
    """`judger.rates.paired` for many runs at once; `apart` is run x cluster x form."""
    counts = design.counts()
    cells, clusters, n = counts.shape[1], len(counts), int(counts.sum())
    weights = np.full(cells, 1 / cells)
    made: list[Paired] = []
    for start in range(0, len(apart), CHUNK):
        part = apart[start : start + CHUNK]
        found = spread(spread_out(part, design), counts, weights, design.categories)
        size, square = (np.abs(part) ** power for power in (1, 2))
        means = (x.mean(axis=(1, 2)) for x in (size, square))  # every cell is as full
        numbers = (found.values, found.variance, found.freedom, *means)
        for value, variance, freedom, one, two in zip(*(x.tolist() for x in numbers), strict=True):
            blank = Paired(n, 0, 0, 0, cells, 0.0, value, value, None, None, None)
            whole = replace(
                blank,
                clusters=clusters,
                error=sqrt(variance),
                freedom=freedom,
                effective=effective_pairs(value, two, variance, counts, weights),
                square=two / one if one else 1.0,
            )
            made.append(by_student(whole))
    return made


def _ends(found: list[Paired]) -> list[Interval]:
    return [(p.low, p.high) for p in found if p.low is not None and p.high is not None]


def differences(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Two models on the same items."""
    half, small = Design(scenarios=OF_HALF), Design(scenarios=OF_SMALL)
    whole = ((0.93, 0.93), (0.93, 0.97), (0.5, 0.54), (0.99, 0.995))
    cases = (
        (f"overall, 42 × {PAIRS}", Design(), whole),
        (f"a category, 7 × {PAIRS}", Design(1), ((0.93, 0.93), (0.93, 0.97), (0.8, 0.9))),
        (f"a task type, 6 × {PAIRS}", Design(forms=1), ((0.93, 0.93), (0.93, 0.97))),
        (f"half, overall, 42 × {OF_HALF}", half, ((0.93, 0.93), (0.93, 0.97))),
        (f"half, a category, 7 × {OF_HALF}", Design(1, OF_HALF), ((0.93, 0.93), (0.8, 0.9))),
        (f"--limit {SMALL}, overall, 42 × {OF_SMALL}", small, ((0.93, 0.93), (0.8, 0.9))),
        (
            f"--limit {SMALL}, a category, 7 × {OF_SMALL}",
            Design(1, OF_SMALL),
            ((0.8, 0.8), (0.8, 0.9)),
        ),
    )
    for what, design, pairs in cases:
        for one, other in pairs:
            seen = compared(rng, runs, [one, other], design)
            found = decided(seen[:, 1] - seen[:, 0], design)
            yield line(f"difference, {what}, {one} to {other}", other - one, _ends(found))


def cells(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """The pairs of one cell: McNemar decides."""
    design = Design(1, forms=1)
    for one, other in ((0.93, 0.93), (0.8, 0.9), (0.6, 0.9)):
        seen = compared(rng, runs, [one, other], design)[..., 0]
        found = [
            paired([Pair("c", str(k), "c t", *two) for k, two in enumerate(run.T.tolist())])
            for run in seen
        ]
        yield line(f"difference, one cell of {PAIRS}, {one} to {other}", other - one, _ends(found))
        odd = sum(p.clear != ((p.p or 0) < 0.05) for p in found)
        yield Line("… an interval contradicts its p", odd / len(found), 0.0, 0.0, None, 0.0)


def margins(apart: Array) -> Iterator[dict[str, Paired]]:
    """The 14 rows of each run's comparison, `apart` is run x cluster x form of a whole design."""
    design, one = Design(), Design(1)
    tables: dict[str, list[Paired]] = {"overall": decided(apart, design)}
    for c in range(6):
        tables[f"category {c}"] = decided(apart[:, design.strata == c], one)
    for form in range(7):
        tables[f"form {form}"] = decided(apart[:, :, [form]], Design(forms=1))
    for run in range(len(apart)):
        yield {name: found[run] for name, found in tables.items()}


def families(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Nothing differs: how often a table claims a difference all the same."""
    for p in (0.93, 0.99):
        seen = compared(rng, runs, [p, p], Design())
        rows = list(margins(seen[:, 1] - seen[:, 0]))
        yield Line(
            f"no difference at {p}: one of 14 rows claims one", _claims(rows), 0.0, 0.0, None, 0.06
        )
    seen = compared(rng, runs, [0.93], Design())[:, 0]
    gaps = {
        f"{a} {b}": decided(seen[:, :, [b]] - seen[:, :, [a]], Design(forms=1))
        for a in range(7)
        for b in range(a)
    }
    by_run = [{name: found[run] for name, found in gaps.items()} for run in range(runs)]
    name = "no difference of tasks: one of 21 pairs claims one"
    yield Line(name, _claims(by_run), 0.0, 0.0, None, 0.06)


def _claims(tables: list[dict[str, Paired]]) -> float:
    claimed = [any(one.claimed for one in as_family(rows).values()) for rows in tables]
    return sum(claimed) / len(claimed)


def groups(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Families whose models differ among themselves: the contrast of the families."""
    design, runs = Design(), max(100, runs // 4)
    for size in (3, 5):
        made: list[Interval] = []
        these: list[Interval] = []
        for _ in range(runs):
            own = np.clip(np.r_[rng.normal(0.88, 0.04, size), rng.normal(0.9, 0.04, size)], 0, 1)
            seen = compared(rng, 1, own, design)[0]
            sides = seen[:size], seen[size:]
            (whole,) = decided((sides[1].mean(0) - sides[0].mean(0))[None], design)
            wide = generalised(whole, [_cell_means(side, design) for side in sides])
            assert wide.reach == FAMILIES
            made += _ends([wide.paired])
            these += _ends([whole])
        as_fixed = line("", 0.02, these).share
        note = f"of these models alone: {as_fixed:.2f}"
        yield line(f"families of {size} models each, 2 points apart", 0.02, made, note=note)


def _cell_means(seen: Array, design: Design) -> Mapping[str, Mapping[int, float]]:
    by_cell = seen.reshape(len(seen), design.categories, design.scenarios, design.forms).mean(2)
    return {
        f"{c} {form}": {model: float(by_cell[model, c, form]) for model in range(len(seen))}
        for c in range(design.categories)
        for form in range(design.forms)
    }
