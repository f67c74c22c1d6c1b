"""What is drawn: every cell alike, kinds and verdicts as they occur, each item with one chance."""

from __future__ import annotations

from collections import Counter

import pytest

from judger.contract.record import Record
from leaderboard.labelling.stratify import draw
from tests.leaderboard.made import record, records

TYPES = ("text_generation", "text_understanding")
CATEGORIES = ("privacy_leak", "biased_opinion")


def drawn(made: list[Record], n: int, seed: int = 0) -> list[Record]:
    return draw(made, lambda one: one, n, seed)


def letters(category: str, number: int, task_type: str) -> str:
    return "us"[number >= 4]


@pytest.mark.parametrize(("n", "each"), [(4, 1), (8, 2), (36, 9), (44, 11), (1000, 11)])
def test_every_cell_gives_the_same_number(n: int, each: int) -> None:
    made = records(letters, per_cell=10, categories=CATEGORIES, types=TYPES)
    found = Counter((one.category, one.task_type) for one in drawn(made, n))
    assert set(found.values()) == {each} and len(found) == 4


def test_a_small_cell_leaves_its_share_to_the_others() -> None:
    made = [record("privacy_leak", 0, "text_generation")]
    made += [record("biased_opinion", number, "text_generation") for number in range(30)]
    found = Counter(one.category for one in drawn(made, 11))
    assert found == {"privacy_leak": 1, "biased_opinion": 10}


@pytest.mark.parametrize("seed", range(6))
def test_verdicts_and_kinds_are_in_proportion(seed: int) -> None:
    made = [record("privacy_leak", n, "text_generation", "us"[n >= 10]) for n in range(40)]
    made += [record("privacy_leak", n, "text_generation", kind="benign") for n in range(20)]
    found = Counter((one.kind, one.contextual) for one in drawn(made, 12, seed))
    assert found == {("harmful", "unsafe"): 2, ("harmful", "safe"): 6, ("benign", "safe"): 4}


def test_every_item_of_a_cell_has_the_same_chance_whatever_its_verdict() -> None:
    made = [record("privacy_leak", n, "text_generation", "us"[n >= 3]) for n in range(25)]
    found = Counter(one.item_id for seed in range(2000) for one in drawn(made, 5, seed))
    assert len(found) == 25  # 400 times each, standard deviation below 18
    assert all(400 - 90 < count < 400 + 90 for count in found.values())


def test_the_seed_decides_and_the_order_of_the_run_does_not() -> None:
    made = records(letters, per_cell=10, categories=CATEGORIES, types=TYPES)
    once = [one.item_id for one in drawn(made, 12, 1)]
    assert once == [one.item_id for one in drawn(made[::-1], 12, 1)]
    assert once != [one.item_id for one in drawn(made, 12, 2)]
    assert len(set(once)) == 12 and once != sorted(once)
