"""Changes keep what is said: every word of the reply, in order."""

from __future__ import annotations

import re

import pytest

from judger.validation.stress.word_changes import HOPE, LATE, NEUTRAL, WORDS

TEXTS = ["One line.", "First, this.\n\nThen that:\n1. one\n2. two", "  spaced  ", "ÄÖ — “quotes”"]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_word_is_kept(name: str, text: str) -> None:
    changed = words(WORDS[name](text))
    added = {"padding": NEUTRAL, "apology": LATE if "before" in name else HOPE}
    extra = words(added.get(name.split()[0], "Answer" if name == "markdown" else ""))
    kept = changed[: len(changed) - len(extra)] if "after" in name else changed[len(extra) :]
    assert kept == words(text)


@pytest.mark.parametrize("name", WORDS)
def test_it_is_a_change(name: str) -> None:
    assert WORDS[name]("Some words here.") != "Some words here."
