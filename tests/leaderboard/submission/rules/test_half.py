"""The half of the suite (`--limit 60`): a row of its own protocol, held to each cell's first 60."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from judger.contract.protocol import HALF
from leaderboard.board.ranking import tabs
from leaderboard.board.row import derive
from leaderboard.submission import manifest
from leaderboard.submission.validate import check, check_collection
from tests.leaderboard.breaking import put, recount
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submissions import sealed, submission, verdict_bytes, verdict_lines
from uni_safe_tasks.suite.first import first_ids


def made(seed: int = 0, model: str = "org/model", name: str = "Model") -> Draft:
    lines = verdict_lines(half=True, seed=seed)
    about = submission(lines, half=True, model=model, name=name)
    return Draft(sealed(about, verdict_bytes(lines)), lines)


@pytest.mark.parametrize("state", ["listed", "pending", "sample"])
def test_a_half_meets_every_rule(state: str) -> None:
    draft = made()
    put("status.state", state)(draft)
    assert check(draft.case()) == []
    assert check_collection([draft.case()]) == []


def without_the_first(draft: Draft) -> None:
    del draft.lines[0]


def with_one_beyond(draft: Draft) -> None:
    half = frozenset[str]().union(*first_ids(HALF).values())
    draft.lines.append(next(x for x in verdict_lines() if x["item_id"] not in half))
    draft.lines.sort(key=lambda x: str(x["item_id"]))


def with_another(draft: Draft) -> None:
    """As many as it should be, but one of them is not of the half."""
    without_the_first(draft)
    with_one_beyond(draft)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (without_the_first, "is not in verdicts.jsonl"),
        (with_one_beyond, f"is not among the first {HALF} of biased_opinion"),
        (with_another, f"is not among the first {HALF} of biased_opinion"),
    ],
)
@pytest.mark.parametrize("state", ["listed", "sample"])
def test_a_half_holds_just_the_first_of_each_cell(
    broken: Callable[[Draft], None], says: str, state: str
) -> None:
    draft = made()
    put("status.state", state)(draft)
    broken(draft)
    recount(draft)
    found = [f for f in check(draft.case()) if f.rule == "ItemsOfTheData"]
    assert any(says in finding.what for finding in found), found


def test_the_first_are_those_of_the_documents() -> None:
    """In the order in which the harness asks them."""
    cells: dict[tuple[str, str], list[str]] = {}
    for item in manifest.items().values():
        cells.setdefault((item.category, item.task_type), []).append(item.item_id)
    for limit in (1, 12, HALF):
        assert first_ids(limit) == {cell: frozenset(ids[:limit]) for cell, ids in cells.items()}


def test_halves_and_wholes_are_never_ranked_together(draft: Draft) -> None:
    halves = [made(), made(1, "org/other", "Other")]
    rows = [derive(each.case()) for each in (draft, *halves)]
    found = tabs(rows)
    assert [len(tab.rows) for tab in found] == [2, 1]
    assert [tab.protocol.limit for tab in found] == [HALF, None]
    for board in found[0].boards.values():
        assert all(place.row.submission.protocol.limit == HALF for place in board.places)


def test_a_model_may_have_a_row_of_each(draft: Draft) -> None:
    """The half may be the first items of the very same run."""
    half = made()
    asked = {line["item_id"] for line in half.lines}
    half.lines[:] = [dict(line) for line in draft.lines if line["item_id"] in asked]
    recount(half)
    assert check(half.case()) == []
    assert check_collection([draft.case(), half.case()]) == []


def test_the_protocol_of_a_whole_says_nothing_of_a_limit(draft: Draft) -> None:
    """So its id is what it was before there was a half."""
    whole, half = draft.case().submission, made().case().submission
    assert whole is not None and half is not None
    assert "limit" not in whole.protocol.model_dump()
    assert half.protocol.model_dump()["limit"] == HALF
    assert whole.protocol.id != half.protocol.id
