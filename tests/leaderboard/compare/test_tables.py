"""The tables of a comparison: every row under its own heading, and what is not known as a dash."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.console import Console

from judger.contract.taxonomy import TASK_TYPES
from judger.rates.statistics import Mean
from leaderboard.compare import tables
from leaderboard.compare.caveats import caveats
from leaderboard.compare.differences import compare
from leaderboard.compare.groups import compare_groups
from leaderboard.compare.over_models import Member
from leaderboard.compare.task_differences import task_differences
from leaderboard.published.paper_results import published
from leaderboard.text.words import MISSING
from tests.leaderboard.compare.test_compare import TEXT, worse
from tests.leaderboard.made import records


def printed(show: Callable[[Console], None]) -> str:
    """What is printed on a wide screen."""
    console = Console(width=400, record=True, force_terminal=False)
    with console.capture() as capture:
        show(console)
    return capture.get()


def rows(text: str, *names: str) -> dict[str, list[str]]:
    """The words of the lines that begin with one of these names, in columns."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().split("  ") if cell.strip()]
        if cells and cells[0] in names:
            found[cells[0]] = cells[1:]
    return found


def test_the_gap_is_a_triangle_under_the_later_types() -> None:
    gap = task_differences("both_safe", records(worse, per_cell=8))
    text = printed(lambda console: tables.print_task_differences(console, "both_safe", gap))
    plain = [name.replace("_", " ") for name in TASK_TYPES]
    heading = next(line for line in text.splitlines() if plain[-1] in line)
    assert [name for name in plain if name in heading] == plain[1:]
    found = rows(text.rpartition("─")[2], *plain)
    assert list(found) == plain[:-1]
    assert [sum("n=48" in cell for cell in row) for row in found.values()] == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("mean", "shown"),
    [
        (None, MISSING),
        (Mean(None, None, None, 0, 1), MISSING),
        (Mean(0.5, 0.4, 0.6, 1, 0, n=4, smallest=0.5, largest=0.5), "n=4, 1 cell"),
        (Mean(0.5, 0.4, 0.6, 2, 0, n=8, smallest=0.5, largest=0.5), "n=8, 2 cells"),
    ],
)
def test_a_mean_says_over_what(mean: Mean | None, shown: str) -> None:
    assert tables._mean(mean).splitlines()[-1] == shown


@pytest.mark.parametrize(
    ("per_cell", "said"), [(4, "no cell has so many items (at most 4)"), (40, "")]
)
def test_what_a_claim_about_a_cell_takes(per_cell: int, said: str) -> None:
    made = compare("both_safe", records(types=TEXT, per_cell=per_cell), records(worse, per_cell))
    text = tables._descriptive(made)
    assert f"{made.needed} : 0" in text and "as one of 12" in text
    assert ("no cell has so many" in text) is bool(said) and said in text


def test_caveats_come_first_and_each_on_its_line() -> None:
    said = caveats({"a": records(types=TEXT)})
    text = printed(lambda console: tables.print_caveats(console, [*said, "[bold]"]))
    assert text.splitlines() == [f"⚠ {sentence}" for sentence in [*said, "[bold]"]]


def test_groups_name_the_cells_of_one_side() -> None:
    members = [
        Member("llm", "a", records(types=TEXT[:1])),
        Member("open_unified", "b", records(types=TEXT[1:])),
    ]
    made = compare_groups("both_safe", members)
    text = printed(lambda console: tables.print_groups(console, made))
    for side, cells in (("specialised", made.only_first), ("open unified", made.only_second)):
        line = text.split(f"Only {side} models have verdicts here:\n")[1].splitlines()[0]
        assert line.strip() == ", ".join(c.replace(" ", " × ").replace("_", " ") for c in cells)


def test_the_published_rows_are_ordered_by_their_safe_rate() -> None:
    text = printed(tables.print_published)
    models = [row.model for row in published().models]
    found = rows(text, *models)
    rates = [published().aggregate(model, "both_safe") for model in found]
    assert len(found) == len(models) and rates == sorted(rates, reverse=True)
