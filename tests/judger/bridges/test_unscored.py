"""`UNI_JUDGER_MAX_UNSCORED` over the cells of a results file: whose fault, and how much."""

from __future__ import annotations

from typing import Any

import pytest

from judger.bridges.unscored import share, told, too_many_unscored


def cell(items: int, scored: int, **outcomes: int) -> dict[str, Any]:
    return {"uni_judger,none": {"items": items, "scored": scored, **outcomes, "n": {}}}


CELLS = {
    "a": cell(10, 8, target_error=1, judge_error=1),
    "b": cell(40, 3, target_error=30, judge_refusal=7),
    "c": cell(5, 5),
}


@pytest.mark.parametrize(
    ("cells", "bound", "says"),
    [
        (CELLS, 1.0, ""),
        (CELLS, 0.95, ""),
        (
            CELLS,
            0.2,
            "b: 37 of 40 unscored (model: 30 target_error; judge: 7 judge_refusal): 92.5% is above "
            "UNI_JUDGER_MAX_UNSCORED=0.2",
        ),
        (CELLS, 0.19, "b: 37 of 40 unscored"),
        ({"a": cell(4, 0, no_output=4)}, 0.99, "a: 4 of 4 unscored (model: 4 no_output): 100.0%"),
        ({"a": cell(10, 5, provider_blocked=5)}, 0.2, ""),
        ({"a": cell(10, 0, unsupported=10)}, 0.0, ""),
        ({"a": cell(10, 4, unsupported=4, no_output=2)}, 0.3, "a: 6 of 10 unscored"),
        ({"a": {"unscored,none": 1}, "b": {}, "c": {"uni_judger,none": 3}}, 0.0, ""),
        ({}, 0.0, ""),
    ],
)
def test_the_worst_cell_is_named(cells: dict[str, Any], bound: float, says: str) -> None:
    found = too_many_unscored(cells, bound)
    assert found.startswith(says) and bool(found) == bool(says)


def test_what_nobody_could_do_is_left_out_of_the_share() -> None:
    assert share(cell(10, 4, unsupported=4, no_output=2)["uni_judger,none"]) == 2 / 6
    assert share(cell(10, 5, provider_blocked=5)["uni_judger,none"]) == 0.0


def test_every_side_is_told() -> None:
    counts = cell(10, 4, provider_blocked=2, judge_error=1, judge_unparsable=1, unsupported=2)
    assert told(counts["uni_judger,none"]) == (
        "6 of 10 unscored (provider: 2 provider_blocked; judge: 1 judge_error, "
        "1 judge_unparsable; scope: 2 unsupported)"
    )


@pytest.mark.parametrize(("bound", "says"), [(0.1, "(2 cells are above it)"), (0.2, "")])
def test_other_cells_above_the_bound_are_counted(bound: float, says: str) -> None:
    found = too_many_unscored(CELLS, bound)
    assert found.endswith(says or f"={bound}")
