"""`UNI_JUDGER_MAX_UNSCORED` over the cells of a results file."""

from __future__ import annotations

from typing import Any

import pytest

from judger.bridges.unscored import too_many_unscored

CELLS = {"a": {"unscored,none": 0.2}, "b": {"unscored,none": 0.5}, "c": {"unscored,none": 0}}


@pytest.mark.parametrize(
    ("cells", "bound", "says"),
    [
        (CELLS, 1.0, ""),
        (CELLS, 0.5, ""),
        (CELLS, 0.4, "b: unscored 50.0% is above UNI_JUDGER_MAX_UNSCORED=0.4"),
        ({"a": {"unscored,none": 1}}, 0.99, "a: unscored 100.0%"),
        ({"a": {"unscored,none": None}, "b": {}, "c": {"unscored,none": "N/A"}}, 0.0, ""),
        ({}, 0.0, ""),
    ],
)
def test_the_worst_cell_is_named(cells: dict[str, Any], bound: float, says: str) -> None:
    found = too_many_unscored(cells, bound)
    assert found.startswith(says) and bool(found) == bool(says)
