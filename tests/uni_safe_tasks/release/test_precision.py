"""The widths of the card are those that the rates of a run would have."""

from __future__ import annotations

import random
import re

import pytest

from judger.contract.cell import CELLS
from judger.contract.protocol import HALF
from judger.rates.intervals import Observation, clustered_mean, wilson
from uni_safe_tasks.release.precision import WHOLE, head, widths
from uni_safe_tasks.scenario.rows import validate_all
from uni_safe_tasks.suite.first import first_ids

HARMFUL = {row.id for row in validate_all() if row.kind == "harmful"}
LINES = {str(line[0]): [str(cell) for cell in line[1:]] for line in widths(HARMFUL)}
COLUMNS = head()[1:]


def ends(text: str) -> tuple[float, float]:
    found = [float(number) for number in re.findall(r"\d+\.\d", text)]
    return found[0], found[-1]


@pytest.mark.parametrize(("part", "limit"), [("half", HALF), ("whole", WHOLE)])
@pytest.mark.parametrize("rate", [0.1, 0.3])
def test_a_cell_has_wilsons(part: str, limit: int, rate: float) -> None:
    shown = LINES["a cell"][COLUMNS.index(f"{part}, rate {rate:.0%}")]
    for ids in first_ids(limit).values():
        n = sum(item_id.rpartition(".")[0] in HARMFUL for item_id in ids)
        low, high = wilson(rate * n, n)
        least, most = ends(shown)
        assert least - 0.051 <= 50 * (high - low) <= most + 0.051


@pytest.mark.parametrize(("part", "limit"), [("half", HALF), ("whole", WHOLE)])
@pytest.mark.parametrize("rate", [0.1, 0.3])
@pytest.mark.parametrize("alike", [True, False])
def test_rates_drawn_by_chance_have_intervals_as_wide(
    part: str, limit: int, rate: float, alike: bool
) -> None:
    draw = random.Random(7)
    made = []
    for _ in range(20):
        said: dict[str, float] = {}
        seen = [
            Observation(
                category,
                scenario,
                f"{category}.{task_type}",
                said.setdefault(scenario if alike else f"{scenario}.{task_type}", draw.random())
                < rate,
            )
            for category, task_type in CELLS
            for item_id in sorted(first_ids(limit)[category, task_type])
            for scenario in [item_id.rpartition(".")[0]]
            if scenario in HARMFUL
        ]
        found = clustered_mean(seen)
        assert found is not None and found.low is not None and found.high is not None
        made.append(50 * (found.high - found.low))
    told = ends(LINES["all 42 cells"][COLUMNS.index(f"{part}, rate {rate:.0%}")])[int(alike)]
    assert sum(made) / len(made) == pytest.approx(told, rel=0.15)


def test_the_whole_is_narrower_than_the_half_and_many_cells_than_one() -> None:
    for line in LINES.values():
        half, whole = line[:2], line[2:]
        assert all(ends(b)[1] < ends(a)[1] for a, b in zip(half, whole, strict=True))
    for cell, every in zip(LINES["a cell"], LINES["all 42 cells"], strict=True):
        assert ends(every)[1] < ends(cell)[0]
