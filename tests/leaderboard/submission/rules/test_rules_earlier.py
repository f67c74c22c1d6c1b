"""Rows on data that this installation does not hold: what can be checked of them is."""

from __future__ import annotations

from typing import Any

import pytest

from leaderboard.submission.validate import check
from tests.leaderboard.breaking import Break, put, recount
from tests.leaderboard.conftest import Draft
from uni_safe_tasks.scenario.locations import data_version


@pytest.fixture
def old(draft: Draft) -> Draft:
    """An archived row on an earlier data set."""
    for change in (
        put("status.state", "archived"),
        put("protocol.data_sha256", "0" * 64),
        put("protocol.data_version", "0.0.9"),
    ):
        change(draft)
    return draft


def copies(draft: Draft) -> None:
    safe = [x for x in draft.lines if x["contextual"] == "safe" and x["kind"] == "harmful"]
    draft.lines += [dict(x) for x in safe for _ in range(4)]


def invented(draft: Draft) -> None:
    safe = [x for x in draft.lines if x["contextual"] == "safe" and x["kind"] == "harmful"]
    for number in range(4):
        for x in safe:
            scenario, _, task_type = x["item_id"].rpartition(".")
            draft.lines.append(x | {"item_id": f"{scenario}x{number}.{task_type}"})


def say(**facts: Any) -> Break:
    def change(draft: Draft) -> None:
        draft.lines[9] |= facts

    return change


def emptied(draft: Draft) -> None:
    draft.lines = [x for x in draft.lines if x["category"] != "privacy_leak"]


def test_an_earlier_row_is_accepted(old: Draft) -> None:
    assert check(old.case()) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (put("status.state", "listed"), "protocol.data_sha256"),
        (put("protocol.data_version", data_version()), "protocol.data_sha256"),
        (copies, "item "),
        (invented, "cells "),
        (say(category="kindness"), "item bia-"),
        (say(task_type="smell_analysis"), "item bia-"),
        (say(item_id="bia-h101"), "item bia-h101"),
        (say(subcategory="politics"), "item bia-"),
        (say(kind="harmful"), "item bia-"),
        (emptied, "cells privacy_leak.text_understanding"),
    ],
)
def test_what_no_data_can_say(old: Draft, change: Break, place: str) -> None:
    change(old)
    recount(old)
    found = check(old.case())
    assert any(f.rule == "ItemsOfTheData" and place in f.where for f in found), found
