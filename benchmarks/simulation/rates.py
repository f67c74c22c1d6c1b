"""Coverage of the intervals of rates: means, thin cells, unscored items, pools, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from benchmarks.simulation.design import (
    OF_HALF,
    OF_SMALL,
    PAIRS,
    SMALL,
    Design,
    Interval,
    Line,
    judged,
    line,
    measured,
    spread_out,
    verdicts,
)
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.calibration import Calibration, Errors
from judger.rates.calibration.model import By
from judger.rates.intervals import Estimate, weighted_means
from judger.rates.statistics import Mean, mean_of, rate


def estimates(values: np.ndarray, counts: np.ndarray, design: Design) -> list[Estimate]:
    """Runs as metrics of one table: all at once."""
    weights = np.full(counts.shape[1], 1 / counts.shape[1])
    made: list[Estimate] = []
    for start in range(0, len(values), 100):
        part = spread_out(values[start : start + 100], design) * counts
        made += weighted_means(part, counts, weights, design.categories)
    return made


def ends(found: Iterable[Estimate | Mean]) -> list[Interval]:
    return [(e.low, e.high) for e in found if e.low is not None and e.high is not None]


def means(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """The rows of a report."""
    half, small = Design(scenarios=OF_HALF), Design(scenarios=OF_SMALL)
    cases = (
        (f"overall, 42 × {PAIRS}", Design(), (0.01, 0.05, 0.2, 0.5)),
        (f"a category, 7 × {PAIRS}", Design(1), (0.05, 0.2)),
        (f"a task type, 6 × {PAIRS}", Design(forms=1), (0.05, 0.2)),
        (f"half, overall, 42 × {OF_HALF}", half, (0.01, 0.05, 0.2, 0.5)),
        (f"half, a category, 7 × {OF_HALF}", Design(1, OF_HALF), (0.05, 0.2)),
        (f"half, a task type, 6 × {OF_HALF}", Design(scenarios=OF_HALF, forms=1), (0.05, 0.2)),
        (f"--limit {SMALL}, overall, 42 × {OF_SMALL}", small, (0.01, 0.05, 0.2, 0.5)),
        (f"--limit {SMALL}, a category, 7 × {OF_SMALL}", Design(1, OF_SMALL), (0.05, 0.2, 0.5)),
    )
    for what, design, rates in cases:
        for p in rates:
            values = verdicts(rng, runs, design, p)
            yield line(f"{what}, p {p}", p, ends(estimates(values, design.counts(), design)))


def thin(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """12 of the 42 cells hold a handful of items, and weigh as much as the others."""
    design = Design()
    for n in (1, 2, 4):
        whole = design.counts().reshape(6, PAIRS, 6, 7).copy()
        whole[:, n:, :, 5:] = 0
        counts = whole.reshape(design.clusters, -1)
        for p in (0.05, 0.2):
            made = estimates(verdicts(rng, runs, design, p), counts, design)
            note = f"flagged: {made[0].thin} thin cells"
            yield line(f"12 of 42 cells with n = {n}, p {p}", p, ends(made), note=note)


def unscored(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """10 % of unsafe and 1 % of other items have no verdict: a bias that no interval of sampling
    knows. Held to: covered, or flagged by `possible_bias`; and the bounds cover."""
    design = Design()
    for p in (0.05, 0.2):
        held = flagged = inside = 0
        widths, lows = [], 0
        for values in verdicts(rng, max(100, runs // 4), design, p):
            lost = rng.random(values.shape) < np.where(values == 1, 0.1, 0.01)
            table = spread_out(values[None], design)[0]
            known = design.counts() * (1 - spread_out(lost[None].astype(float), design)[0])
            weights = np.full(42, 1 / 42)
            (made,) = weighted_means((table * known)[None], known, weights, 6)
            cells = [
                rate(int(k), int(n), PAIRS - int(n))
                for k, n in zip((table * known).sum(0), known.sum(0), strict=True)
            ]
            mean = mean_of(cells, made)
            assert mean.low is not None and mean.high is not None
            held += mean.low <= p <= mean.high
            lows += mean.high < p
            flagged += (mean.low <= p <= mean.high) or mean.possible_bias > 0
            assert mean.smallest is not None and mean.largest is not None
            truth = float(values.mean())
            inside += mean.smallest - 1e-9 <= truth <= mean.largest + 1e-9
            widths.append(mean.high - mean.low)
        n = len(widths)
        note = (
            f"held or flagged {flagged / n:.3f}; bounds hold the run's own truth {inside / n:.3f}"
        )
        shown = Line(f"unscored: 10 % of unsafe, 1 % else, p {p}", held / n, lows / n, 0.0, None)
        yield shown._replace(width=float(np.mean(widths)), note=note)
        yield Line(f"… held or flagged, p {p}", flagged / n, 0.0, 0.0)


def pools(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """A cell of the joint table: every item counts the same."""
    design = Design()
    counts = np.zeros((design.clusters, 6))
    counts[np.arange(design.clusters), design.strata] = design.forms
    for p in (0.01, 0.05, 0.2, 0.5):
        sums = np.zeros((runs, *counts.shape))
        values = verdicts(rng, runs, design, p).sum(axis=2)
        sums[:, np.arange(design.clusters), design.strata] = values
        made = weighted_means(sums, counts, counts.sum(0) / counts.sum(), 6)
        yield line(f"joint table and pools, p {p}", p, ends(made))


def calibration(errors: Sequence[Errors]) -> Calibration:
    """A calibration of which only the errors by category, or by task type, are known."""
    total = Errors(**{k: sum(getattr(e, k) for e in errors) for k in ("tp", "fn", "fp", "tn")})
    names: Mapping[By, Iterable[str]] = {"category": CATEGORIES, "task_type": TASK_TYPES}
    by: By = "category" if len(errors) == len(CATEGORIES) else "task_type"
    strata = {name: {"x": e} for name, e in zip(names[by], errors, strict=True)}
    return Calibration(
        judge={},
        template_sha256={},
        labels_sha256="",
        labels=0,
        unscored={},
        faults={},
        errors={"x": total},
        strata={by: strata},
        agreement={},
    )


def mean_of_estimate(made: Estimate) -> Mean:
    n = int(made.cells * PAIRS)
    return Mean(
        made.value, made.low, made.high, made.cells, 0, n, 0, made.value, made.value,
        made.clusters, made.effective, made.freedom, made.thin, made.why_none,
    )  # fmt: skip


#: What the judge's errors are over, the truth by category, the judge by category, labels of each
#: side a category.
Case = tuple[str, list[float], list[float], list[float], tuple[int, int]]
PLENTY, FLOOR = (22, 48), (5, 5)
CASES: tuple[Case, ...] = (
    *(
        (f"alike (Se .9, Sp .95), p {p}", [p] * 6, [0.9] * 6, [0.95] * 6, PLENTY)
        for p in (0.01, 0.05, 0.2)
    ),
    *(
        (f"alike, 30 labels a side, p {p}", [p] * 6, [0.9] * 6, [0.95] * 6, FLOOR)
        for p in (0.05, 0.2)
    ),
    (
        "Se .95 in four, .6 in two with the harm",
        *([0.05] * 4 + [0.3] * 2, [0.95] * 4 + [0.6] * 2, [0.95] * 6),
        PLENTY,
    ),
    ("Sp .99 in five, .8 in one, p 0.05", [0.05] * 6, [0.9] * 6, [0.99] * 5 + [0.8], PLENTY),
)


def corrections(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """The corrected mean, for a judge whose errors are alike everywhere, or are not."""
    design, one, runs = Design(), Design(1), max(100, runs // 2)
    for what, rates, se, sp, labels in CASES:
        seen = judged(rng, verdicts(rng, runs, design, rates), design, se, sp)
        whole = estimates(seen, design.counts(), design)
        parts = [estimates(seen[:, design.strata == c], one.counts(), one) for c in range(6)]
        made, raw = list[Interval](), list[Interval]()
        for run in range(runs):
            found = calibration(measured(rng, design, se, sp, *labels))
            own = {c: mean_of_estimate(parts[i][run]) for i, c in enumerate(CATEGORIES)}
            mean = found.corrected_mean("x", mean_of_estimate(whole[run]), {"category": own})
            raw += ends([whole[run]])
            made += ends([mean]) if mean is not None else []
        truth = float(np.mean(rates))
        note = f"as judged {line('', truth, raw).share:.2f}; {len(made)} of {runs} corrected"
        yield line(f"corrected, errors {what}", truth, made, note=note)


def by_type(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """The same where errors differ between task types, which share their scenarios."""
    design, one, runs = Design(), Design(forms=1), max(100, runs // 2)
    for what, p, se, sp in (
        ("Sp .99 in six task types, .8 in one, p 0.05", 0.05, [0.9] * 7, [0.99] * 6 + [0.8]),
        ("Se .95 in four task types, .5 in three, p 0.2", 0.2, [0.95] * 4 + [0.5] * 3, [0.95] * 7),
    ):
        truth = verdicts(rng, runs, design, p)
        drawn = rng.random(truth.shape)
        seen = np.where(truth == 1, drawn < np.array(se), drawn >= np.array(sp)).astype(float)
        whole = estimates(seen, design.counts(), design)
        parts = [estimates(seen[:, :, [form]], one.counts(), one) for form in range(7)]
        made = list[Interval]()
        for run in range(runs):
            hits, passes = rng.binomial(19, se).tolist(), rng.binomial(41, sp).tolist()
            found = calibration(
                [
                    Errors(tp=h, fn=19 - h, tn=q, fp=41 - q)
                    for h, q in zip(hits, passes, strict=True)
                ]
            )
            own = {t: mean_of_estimate(parts[i][run]) for i, t in enumerate(TASK_TYPES)}
            mean = found.corrected_mean("x", mean_of_estimate(whole[run]), {"task_type": own})
            made += ends([mean]) if mean is not None else []
        note = f"{len(made)} of {runs} corrected"
        yield line(f"corrected, errors {what}", p, made, note=note)


def harder(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """What no test of a calibration can find: the labels are easier than the run."""
    design, runs = Design(), max(100, runs // 4)
    seen = judged(rng, verdicts(rng, runs, design, 0.2), design, 0.8, 0.9)
    made = list[Interval]()
    for estimate in estimates(seen, design.counts(), design):
        found = calibration(measured(rng, design, 0.9, 0.95, *PLENTY))
        mean = found.corrected("x", mean_of_estimate(estimate))
        made += ends([mean]) if mean is not None else []
    shown = line("corrected, labels easier than the run, p 0.2", 0.2, made)
    yield shown._replace(least=None, note="not to be mended by a number: label your own replies")
