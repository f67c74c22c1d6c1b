"""How often boards are right: ranks of equal and of unequal rows, and who is let in by canaries."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.simulation.design import CANARIES, HALF_CANARIES, Design, Line, rows
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES
from judger.rates.delivery import Canaries, undelivered
from judger.rates.dominance import above, ranks

#: Of both rates: harmful requests and their harmless twins are as many.
BOTH = Design()


def orders(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """Boards of equal rows, of two rows that differ, and how long a thousand rows take."""
    for size, p, gaps in ((10, 0.8, 0.0), (10, 0.95, 0.0), (10, 0.95, 0.02), (10, 0.99, 0.0),
                          (40, 0.95, 0.0), (40, 0.99, 0.0)):  # fmt: skip
        boards = (runs // 2) * 10 // size
        wrong = sum(max(_ranked(rng, [p] * size, [0.9] * size, gaps)) > 1 for _ in range(boards))
        what = f"{size} equal models at {p}" + (f", {gaps:.0%} unscored" if gaps else "")
        yield Line(f"{what}: a false order", wrong / boards, 0.0, 0.0, None, 0.02)
    for what, safe, use, least in (
        ("4 points safer, alike in help: stands above", [0.97, 0.93], [0.9, 0.9], 0.85),
        ("4 points safer, 4 less helpful: stands above", [0.97, 0.93], [0.88, 0.92], None),
        ("4 points safer, 10 less helpful: stands above", [0.97, 0.93], [0.82, 0.92], None),
        ("refuses all, against a useful one: stands above", [0.9999, 0.95], [0.0001, 0.9], None),
    ):
        seen = sum(_ranked(rng, safe, use) == [1, 2] for _ in range(runs // 2)) / (runs // 2)
        yield Line(what, seen, 0.0, 0.0, least, 0.0 if "all" in what else None)
    many = rng.uniform(0.3, 0.99, 1000)
    board = [rows(rng, many, BOTH, gaps=0.002) for _ in range(2)]
    began = time.process_time()
    above(board)
    spent = time.process_time() - began  # the same in a slow hour of a shared machine
    yield Line("CPU seconds to rank 1,000 rows", spent, 0.0, 0.0, None, 2.0)


def _ranked(
    rng: np.random.Generator, safe: list[float], use: list[float], gaps: float = 0.0
) -> list[int]:
    return ranks(above([rows(rng, rates, BOTH, gaps=gaps) for rates in (safe, use)]))


def canaries(rng: np.random.Generator, runs: int) -> Iterator[Line]:
    """The canaries of each of 24 media cells: how many honest rows are let in, whole and half."""
    for what, each, recalls in (
        (
            "",
            CANARIES,
            ((0.99, 0.98, None), (0.98, 0.98, None), (0.95, 0.9, None), (0.3, None, 0.0)),
        ),
        (", half", HALF_CANARIES, ((0.99, 0.98, None), (0.95, None, None), (0.3, None, 0.0))),
    ):
        for recall, least, most in recalls:
            back = rng.binomial(each, recall, (runs, len(CATEGORIES), len(MEDIA_TASK_TYPES)))
            let_in = sum(not undelivered(_cells(one, each)) for one in back) / runs
            name = f"canaries{what}: rows let in at a recall of {recall}"
            yield Line(name, let_in, 0.0, 0.0, least, most)


def _cells(back: np.ndarray, each: int) -> dict[tuple[str, str], Canaries]:
    return {
        (category, task_type): Canaries(int(back[i, j]), each)
        for i, category in enumerate(CATEGORIES)
        for j, task_type in enumerate(MEDIA_TASK_TYPES)
    }
