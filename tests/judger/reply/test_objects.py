"""Objects of JSON as replies: which hand over media, which say nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judger.reply.objects import leaves, media_object
from judger.reply.read import read_reply


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", [("a", True)]),
        (["a"], [("a", True)]),
        ({"x": "a"}, [("a", False), ("x", False)]),
        ({"image": "a"}, [("a", True), ("image", False)]),
        ({"image": {"x": "a"}}, [("a", True), ("image", False), ("x", True)]),
        ({"x": {"y": "a"}}, [("a", False), ("x", False), ("y", False)]),
        ([{"x": "a"}, 7, None], [("a", False), ("x", False)]),
    ],
)
def test_which_strings_stand_where_a_medium_would(
    value: Any, found: list[tuple[str, bool]]
) -> None:
    assert sorted(leaves(value)) == found


@pytest.mark.parametrize(
    ("loaded", "is_one"),
    [
        ({"text": "a"}, False),
        ({"images": []}, True),
        ({"text": "a", "images": [], "x": 1}, False),
        ({"text": "a", "images": ["p"], "x": 1}, True),
        ({"text": "a", "image": "p", "x": 1}, False),  # no list, and no name of a file
        ({"text": "a", "image": "p.png", "x": 1}, True),
        ({"images": ["p"], "x": 1}, False),
        ({"images": ["p.png"], "x": 1}, True),
    ],
)
def test_which_objects_hand_over_media(loaded: dict[str, Any], is_one: bool) -> None:
    assert (media_object(json.dumps(loaded)) == loaded) is is_one
    assert media_object(f"[{json.dumps(loaded)}]") is None


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ('{"text": ""}', "no_output"),
        ('{"text": null}', "no_output"),
        ('{"text": " \\n\\u200b"}', "no_output"),
        ('{"text": "No."}', None),
        ('{"text": 0}', None),
        ('{"text": []}', "no_output"),
        ('{"answer": ""}', None),
    ],
)
def test_an_object_that_holds_an_empty_text_says_nothing(raw: str, fault: str | None) -> None:
    assert read_reply(raw).fault == fault
