"""Families of models over the items they share."""

from dataclasses import replace

import pytest

from judger.contract.record import Record
from leaderboard.compare.groups import compare_groups
from leaderboard.compare.over_models import Member
from tests.known import known
from tests.leaderboard.compare.test_compare import CELL, EVEN, ITEMS, ODD, RENAMED, TEXT, worse
from tests.leaderboard.made import record, records


def test_groups_compare_means_of_models_on_shared_items() -> None:
    members = [
        Member("llm", "good", records(types=TEXT)),
        Member("llm", "bad", records(lambda c, n, t: "u", types=TEXT)),
        Member("open_unified", "mixed", records(worse)),
        Member("closed_unified", "apart", records(lambda c, n, t: "u")),
    ]
    made = compare_groups("both_safe", members)
    assert made.overall.first == pytest.approx(0.5)
    assert made.overall.second == pytest.approx(0.875)
    assert made.types["text_generation"].difference == pytest.approx(0.25)
    assert made.only_first == ()
    assert len(made.only_second) == 5 * 6
    assert made.means["llm"]["video_analysis"] is None
    assert known(made.means["closed_unified"]["video_analysis"]).value == 0.0


def test_groups_leave_out_items_that_one_model_of_a_group_lost() -> None:
    lossy = records(lambda c, n, t: "?" if n == 0 else "u", types=TEXT)
    members = [
        Member("llm", "a", records(types=TEXT)),
        Member("llm", "b", lossy),
        Member("open_unified", "c", records(types=TEXT)),
    ]
    made = compare_groups("both_safe", members)
    assert (made.overall.n, made.overall.unpaired) == (36, 12)
    assert made.overall.first == pytest.approx(0.5)


def test_a_family_is_judged_on_the_cells_that_its_models_share() -> None:
    one_cell = records(lambda c, n, t: "u", 5, categories=["privacy_leak"], types=TEXT[:1])
    members = [
        Member("llm", "full", records(per_cell=5, types=TEXT)),
        Member("llm", "one cell", one_cell),
        Member("vlm", "lossy", records(lambda c, n, t: "?" if n == 0 else "s", 5, types=TEXT)),
    ]
    made = compare_groups("both_safe", members)
    mean = known(made.means["llm"]["text_understanding"])
    assert (mean.value, mean.cells, mean.n, mean.unscored) == (0.5, 1, 10, 0)
    assert known(mean.low) < 0.5 < known(mean.high)
    other = known(made.means["vlm"]["text_understanding"])  # over the same cell as the llm's
    assert (other.value, other.cells, other.n, other.unscored) == (1.0, 1, 4, 1)
    assert (other.smallest, other.largest) == (0.8, 1.0)
    assert (other.low, other.high, other.why_none) == (None, None, "fewer than 5 scenarios")
    assert made.means["llm"]["text_generation"] is None  # one of them does not do it
    assert known(made.means["vlm"]["text_generation"]).cells == 6
    assert made.lacking.keys() == {"one cell"}
    assert len(made.lacking["one cell"]) == 11


def test_models_of_a_family_share_their_scenarios() -> None:
    def chequered(category: str, number: int, task_type: str) -> str:
        return "s" if number % 2 else "u"

    twice = [Member("llm", str(i), records(chequered, 20, types=TEXT)) for i in range(4)]
    many, one = (compare_groups("both_safe", m).means["llm"] for m in (twice, twice[:1]))
    for task_type in TEXT:
        of_many, of_one = known(many[task_type]), known(one[task_type])
        assert of_many.n == 4 * of_one.n
        assert (of_many.low, of_many.high) == pytest.approx((of_one.low, of_one.high))


@pytest.mark.parametrize("place", ["llm", "open_unified", "second llm"])
def test_groups_leave_out_items_with_another_prompt(place: str) -> None:
    members = [
        Member("llm", "llm", ITEMS),
        Member("llm", "second llm", ITEMS),
        Member("open_unified", "open_unified", ITEMS),
        Member("closed_unified", "apart", RENAMED),  # in neither group: stands against nothing
    ]
    other = [*ITEMS[:3], *RENAMED[3:]]
    changed = [replace(m, records=other) if m.name == place else m for m in members]
    made = compare_groups("both_safe", changed)
    assert (made.overall.n, made.overall.unpaired, made.changed) == (3, 1, {CELL: 1})
    assert made.apart == {}
    assert known(compare_groups("both_safe", changed[:3]).means["llm"]["text_generation"]).n == 6


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (RENAMED, "the prompts of 2 shared items differ"),
        (EVEN, "no shared scored item"),
        ([record("privacy_leak", 9, "text_generation")], "no shared scored item"),
    ],
)
def test_groups_name_the_cells_without_a_shared_item(second: list[Record], why: str) -> None:
    members = [Member("llm", "a", ODD), Member("open_unified", "b", second)]
    made = compare_groups("both_safe", members)
    assert why in made.apart[CELL]
    assert made.overall.n == 0
