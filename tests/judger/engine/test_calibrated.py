"""Who is named when somebody else answers than the judge that was measured."""

from __future__ import annotations

import pytest

from judger.engine.judge_unchanged import _served


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        ({"served": "judge-2026"}, "judge-2026"),
        ({"served": ""}, "unnamed"),
        ({}, "unnamed"),
        ({"members": []}, "unnamed"),
        ({"members": [{"served": "a"}, {}], "served": "panel"}, "a, unnamed"),
        ({"members": ["a", None]}, "unknown, unknown"),
        ("a judge", "unknown"),
    ],
)
def test_who_answers_by_name(identity: object, said: str) -> None:
    assert _served(identity) == said
