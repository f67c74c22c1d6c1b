"""Comparisons of runs with known differences."""

from math import sqrt
from typing import Any

import pytest
from scipy.stats import t

from judger.contract.protocol import HALF_TOLD, VERSION, number_of
from judger.contract.record import Record
from judger.contract.taxonomy import TASK_TYPES
from judger.rates.paired import mcnemar
from leaderboard.compare.caveats import caveats
from leaderboard.compare.differences import compare
from leaderboard.compare.task_differences import task_differences
from leaderboard.runs.part import A_PART
from tests.known import known
from tests.leaderboard.made import JUDGE as MADE
from tests.leaderboard.made import record, records

TEXT = ("text_understanding", "text_generation")


JUDGE = MADE | {
    "revision": "2025-01",
    "decoding": {"temperature": 0},
    "parser": "last-line/1",
}


def worse(category: str, number: int, task_type: str) -> str:
    """Unsafe in one of four items of text generation."""
    return "u" if task_type == "text_generation" and number == 0 else "s"


def test_the_cost_of_unification_by_category_type_and_cell() -> None:
    made = compare("both_safe", records(types=TEXT), records(worse))
    assert made.overall.difference == pytest.approx(-0.125)  # one cell in two loses a quarter
    assert made.types["text_generation"].difference == pytest.approx(-0.25)
    assert made.types["text_understanding"].difference == 0.0
    assert all(p.difference == pytest.approx(-0.125) for p in made.categories.values())
    cell = made.cells["privacy_leak text_generation"]
    assert (cell.paired.only_first, cell.paired.only_second, cell.paired.n) == (1, 0, 4)
    assert cell.paired.p == mcnemar(1, 0)
    assert cell.adjusted_p == 1.0
    assert len(made.cells) == 12


def test_cells_of_one_side_are_listed_and_never_averaged() -> None:
    lost = records(lambda c, n, t: "?" if t == "video_analysis" else "u")
    made = compare("both_safe", records(types=(*TEXT, "video_analysis")), lost)
    assert len(made.only_second) == 4 * 6  # four types that only the second did
    assert set(made.only_second.values()) == {"not run"}
    assert {c.split()[1]: why for c, why in made.only_first.items()} == {
        "video_analysis": "target_error"
    }
    assert made.overall.cells == 12
    assert made.overall.difference == pytest.approx(-1.0)


def test_lost_items_are_no_difference() -> None:
    lost = records(lambda c, n, t: "?" if n == 0 else "s", types=TEXT)
    made = compare("both_safe", records(types=TEXT), lost)
    assert made.overall.difference == 0.0
    assert (made.overall.n, made.overall.unpaired) == (36, 12)


def test_items_with_another_prompt_are_left_out() -> None:
    first = [record("privacy_leak", n, "text_generation") for n in range(4)]
    second = [r.changed(prompt_sha256="new") if r.item_id[4:8] == "h101" else r for r in first]
    made = compare("both_safe", first, second)
    cell = "privacy_leak text_generation"
    assert (made.overall.n, made.overall.unpaired, made.changed) == (3, 1, {cell: 1})
    assert made.apart == {}


CELL = "privacy_leak text_generation"
ITEMS = [record("privacy_leak", n, "text_generation") for n in range(4)]
LOST = [record("privacy_leak", n, "text_generation", "?") for n in range(4)]
ODD, EVEN = [LOST[0], ITEMS[1], LOST[2], ITEMS[3]], [ITEMS[0], LOST[1], ITEMS[2], LOST[3]]
RENAMED = [r.changed(prompt_sha256=f"new {r.item_id}") for r in ITEMS]
DEAF = [r.changed(judge=r.judge | {"refusal": False}) for r in ITEMS]


@pytest.mark.parametrize(
    ("metric", "first", "second", "where", "why"),
    [
        ("both_safe", ODD, EVEN, "apart", "no shared scored item"),
        ("both_safe", ITEMS[:2], ITEMS[2:], "apart", "no shared scored item"),
        ("both_safe", ITEMS, RENAMED, "apart", "the prompts of 4 shared items differ"),
        ("both_safe", ITEMS, [], "only_first", "not run"),
        ("both_safe", [], ITEMS, "only_second", "not run"),
        ("both_safe", LOST, [], "apart", "no verdict on either side: target_error; not run"),
        ("contextual_refusal", ITEMS, DEAF, "only_first", "its judge tells no refusals"),
    ],
)
def test_no_cell_vanishes(
    metric: str, first: list[Record], second: list[Record], where: str, why: str
) -> None:
    made = compare(metric, first, second)
    listed = {name: dict(getattr(made, name)) for name in ("only_first", "only_second", "apart")}
    said = listed.pop(where)
    assert said.keys() == {CELL}
    assert why in said[CELL]
    assert list(listed.values()) == [{}, {}]
    assert made.cells == {} and made.overall.difference is None


def test_nothing_is_said_of_cells_that_nobody_ran() -> None:
    made = compare("both_safe", ITEMS, ITEMS)
    assert (set(made.cells), made.apart) == ({CELL}, {})


@pytest.mark.parametrize(
    ("first", "second", "n", "left_out"),
    [
        (ITEMS, ITEMS[:1], 1, 3),
        (ITEMS[:3], ITEMS[1:], 2, 2),
        (ODD, ITEMS, 2, 2),
        (ITEMS, [*ITEMS[:2], *RENAMED[2:]], 2, 2),
        (ITEMS, ITEMS, 4, 0),
    ],
)
def test_what_a_cell_leaves_out_is_counted(
    first: list[Record], second: list[Record], n: int, left_out: int
) -> None:
    made = compare("both_safe", first, second)
    for found in (made.overall, made.cells[CELL].paired, made.types["text_generation"]):
        assert (found.n, found.unpaired) == (n, left_out)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"judge": {"backend": "rules", "model": "rules-1"}}, "NOT COMPARABLE: different judges"),
        ({"judge": JUDGE | {"revision": "2026-09"}}, "revision 2025-01; b: revision 2026-09)"),
        ({"judge": JUDGE | {"revision": ""}}, "a: revision 2025-01; b: revision unknown)"),
        ({"judge": JUDGE | {"decoding": {"temperature": 1}}}, 'b: decoding {"temperature": 1})'),
        ({"judge": JUDGE | {"parser": "last-line/2"}}, "parser last-line/1; b: parser last-line/2"),
        ({"judge": JUDGE | {"shown": "a"}}, "a: shown unknown; b: shown a"),
        ({"data_version": "2"}, "different data versions"),
        ({"protocol": "9999-A"}, "NOT COMPARABLE: different protocols (a: "),
        ({"protocol": ""}, "b: none kept)"),
        ({"template_sha256": {"contextual": "c"}}, "different judge templates"),
    ],
)
def test_what_stands_against_a_comparison_is_said(change: dict[str, Any], said: str) -> None:
    one = record("privacy_leak", 1, "text_generation", judge=JUDGE)
    same, other = (
        caveats({"a": [one], "b": [one]}),
        caveats({"a": [one], "b": [one.changed(**change)]}),
    )
    assert not any(said in sentence for sentence in same)
    assert any(said in sentence for sentence in other)
    assert any("UNCALIBRATED" in sentence for sentence in same)


@pytest.mark.parametrize("told", [{}, {"revision": ""}, {"decoding": {}}])
def test_nothing_stands_against_two_runs_of_one_calibrated_judge(told: dict[str, Any]) -> None:
    one = record("privacy_leak", 1, "text_generation")
    one = one.changed(judge=one.judge | {"calibrated": True})
    assert caveats({"a": [one], "b": [one.changed(judge=one.judge | told)]}) == []
    letter = f"{number_of(VERSION)}-Z"
    assert caveats({"a": [one], "b": [one.changed(protocol=letter)]}) == []


def test_task_differences_pair_scenarios() -> None:
    gap = task_differences("both_safe", records(worse, types=(*TEXT, "image_generation")))
    found = {pair: tested.paired for pair, tested in gap.items() if tested.paired.n}
    assert len(gap) == len(TASK_TYPES) * (len(TASK_TYPES) - 1) / 2
    assert {pair: p.difference for pair, p in found.items()} == {
        ("text_understanding", "text_generation"): pytest.approx(-0.25),
        ("text_understanding", "image_generation"): 0.0,
        ("text_generation", "image_generation"): pytest.approx(0.25),
    }
    one = gap["text_understanding", "text_generation"]
    assert (one.paired.n, one.paired.only_first, one.paired.exact) == (24, 6, False)
    # A mean over six cells is decided by Student's t: in each, one of four scenarios deviates.
    assert one.paired.p == pytest.approx(2 * t.sf(0.25 * sqrt(96), df=24 - 6))
    assert one.adjusted_p == pytest.approx(min(1.0, 3 * known(one.paired.p)))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, []),
        ({"a": "", "b": ""}, []),
        ({"a": HALF_TOLD, "b": HALF_TOLD}, ["HALF OF THE SUITE: half (--limit 60): a, b: "]),
        ({"a": HALF_TOLD, "b": ""}, ["HALF AND WHOLE: a asked the half (--limit 60)"]),
        ({"a": "", "b": A_PART}, ["A PART OF THE SUITE (--limit): b; "]),
        (
            {"a": HALF_TOLD, "b": A_PART},
            ["HALF AND WHOLE: a asked", "A PART OF THE SUITE (--limit): b"],
        ),
    ],
)
def test_which_part_was_asked_is_said(parts: dict[str, str], says: list[str]) -> None:
    said = caveats({"a": [], "b": []}, parts)
    found = [line for line in said if "HALF" in line or "PART" in line]
    assert len(found) == len(says)
    assert all(line.startswith(start) for line, start in zip(found, says, strict=True)), found
