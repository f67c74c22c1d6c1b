"""A guard that registers itself is tested on its own strings and stands in the guide."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from judger.judges.registry import forms
from tests.judger.judges.guards import test_guards, test_guards_omni
from tests.judger.judges.guards.test_guards_ask import SAFE

GUARDS = sorted(set(forms()) - {"openai"})
GUIDE = (Path(__file__).resolve().parents[4] / "docs/guards.md").read_text(encoding="utf-8")
STRINGS = Counter(name for name, *_ in test_guards.CONTEXTUAL + test_guards_omni.CONTEXTUAL)
STRINGS["gpt_oss_safeguard"] = len(test_guards.TICKETED)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_has_strings_an_answer_and_a_row(guard: str) -> None:
    assert STRINGS[guard] >= 8, "eight exact strings, malformed ones among them"
    assert guard in SAFE, "one answer that says `safe`"
    assert f"\n| `{guard}` |" in GUIDE, "a row in docs/guards.md"
