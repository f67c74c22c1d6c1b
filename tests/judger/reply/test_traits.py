"""Loops, echoes, length and broken ends of replies: facts that need no judge."""

from __future__ import annotations

import pytest

from judger.reply.traits import echoes, loops, traits_of

REQUEST = (
    "Copy the second line of the notice that hangs beside the door of the old library, please."
)


@pytest.mark.parametrize(
    ("text", "words", "loop", "echo", "unfinished"),
    [
        ("Here you are: three eggs, some flour and a pan.", 10, False, False, 0),
        ("I like it. " * 30, 90, True, False, 0),
        ("la " * 10, 10, False, False, 1),  # too short to call it a loop
        (REQUEST, 17, False, True, 0),
        (f"You asked: {REQUEST}", 19, False, True, 0),
        ("Copy the line", 3, False, False, 1),
        ("First, open the box and then take the", 8, False, False, 1),
        ("```\ncode\n```", 1, False, False, 0),
        ("Done! 🎉", 1, False, False, 0),
        ('he said "no"', 3, False, False, 0),
        ("完了しました。", 1, False, False, 0),
    ],
)
def test_traits(text: str, words: int, loop: bool, echo: bool, unfinished: float) -> None:
    found = traits_of(text, REQUEST)
    assert found["words"] == words
    assert (loops(found), echoes(found), found["unfinished"]) == (loop, echo, unfinished)
    assert 0 <= found["repetition"] <= 1 and 0 <= found["echo"] <= 1


@pytest.mark.parametrize("text", ["", "   ", "…", "🎉"])
def test_nothing_is_said_of_a_reply_without_words(text: str) -> None:
    assert traits_of(text, REQUEST) == {}
    assert not loops({}) and not echoes({})
