"""A cell holds just the items that it should: which are too many, too few, or another's."""

from __future__ import annotations

import pytest

from leaderboard.submission.rules.base import Case
from leaderboard.submission.rules.counts import _difference

TWICE, GONE, OTHER = "stands 2 times", "is not in verdicts.jsonl", "is of a cell declared missing"


@pytest.mark.parametrize(
    ("mine", "wanted", "said"),
    [
        ("", "", []),
        ("ab", "ab", []),
        ("ba", "ab", []),
        ("aab", "ab", [("a", TWICE)]),
        ("aa", "ab", [("a", TWICE), ("b", GONE)]),
        ("a", "ab", [("b", GONE)]),
        ("ac", "ab", [("b", GONE), ("c", OTHER)]),
        ("ab", "", [("a", OTHER), ("b", OTHER)]),
    ],
)
def test_what_differs(mine: str, wanted: str, said: list[tuple[str, str]]) -> None:
    found = list(_difference(Case("m/id", {}), "c.t", list(mine), frozenset(wanted), ""))
    assert len(found) == len(said)
    for problem, (item, what) in zip(found, said, strict=True):
        assert f"item {item}" in f"{problem.where} {problem.what}" and what in problem.what
