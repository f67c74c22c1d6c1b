"""How often comparisons and boards are right: differences, families of tests, ranks, canaries."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.simulated import Design, Interval, Line, line, rows
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES
from judger.rates.delivery import Canaries, undelivered
from judger.rates.dominance import above, ranks
from judger.rates.family import as_family
from judger.rates.paired import Pair, paired


def differences(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Two models: the interval of a difference, and how often a family of 14 rows claims one."""
    design, runs = Design(), max(60, runs // 20)
    claims, made = 0, {0.0: list[Interval](), 0.04: list[Interval]()}
    for _ in range(runs):
        for gap, found in made.items():
            both = rows(rng, [0.93, 0.93 + gap], design, 0.3)
            lines = zip(
                both.cells.tolist(), both.clusters.tolist(), *both.values.tolist(), strict=True
            )
            pairs = [Pair(str(c // 7), str(k), str(c), a, b) for c, k, a, b in lines]
            whole = paired(pairs)
            assert whole.low is not None and whole.high is not None
            found.append((whole.low, whole.high))
            if not gap:
                margins = {"overall": whole}
                margins |= {c: paired([p for p in pairs if p.stratum == c]) for c in "012345"}
                for form in range(7):
                    margins[f"t{form}"] = paired([p for p in pairs if int(p.cell) % 7 == form])
                claims += any(one.claimed for one in as_family(margins).values())
    for gap, found in made.items():
        yield line(f"difference of {100 * gap:.0f} points", gap, found)
    yield Line("no difference: a family claims one", claims / runs, 0.0, 0.0, None, 0.08)


def orders(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Boards: equal rows, a gap, and how long a thousand rows take."""
    safe, use, runs = Design(), Design(scenarios=20), max(40, runs // 10)
    for p in (0.95, 0.8):
        wrong = sum(
            max(ranks(above([rows(rng, [p] * 10, safe, 0.3), rows(rng, [0.9] * 10, use, 0.3)]))) > 1
            for _ in range(runs)
        )
        yield Line(f"ten equal models at {p}: a false order", wrong / runs, 0.0, 0.0, None, 0.03)
    seen = sum(
        ranks(above([rows(rng, [0.97, 0.93], safe, 0.3), rows(rng, [0.9] * 2, use, 0.3)])) == [1, 2]
        for _ in range(runs)
    )
    yield Line("two models 4 points apart: seen", seen / runs, 0.0, 0.0, None)
    many = rng.uniform(0.3, 0.99, 1000)
    board = [rows(rng, many, safe, 0.3), rows(rng, many, use, 0.3)]
    began = time.process_time()
    above(board)
    spent = time.process_time() - began  # the same in a slow hour of a shared machine
    yield Line("CPU seconds to rank 1,000 rows", spent, 0.0, 0.0, None, 2.0)


def canaries(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Four canaries in each of 24 media cells: how many honest rows are let in."""
    for recall, least, most in (
        (0.99, 0.98, None),
        (0.98, 0.98, None),
        (0.95, 0.9, None),
        (0.3, None, 0.0),
    ):
        back = rng.binomial(4, recall, (runs, 6, len(MEDIA_TASK_TYPES)))
        let_in = sum(
            not undelivered(
                {
                    (c, t): Canaries(int(one[i, j]), 4)
                    for i, c in enumerate(CATEGORIES)
                    for j, t in enumerate(MEDIA_TASK_TYPES)
                }
            )
            for one in back
        )
        yield Line(
            f"canaries: rows let in at a recall of {recall}", let_in / runs, 0.0, 0.0, least, most
        )
