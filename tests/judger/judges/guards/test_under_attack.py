"""What judges with a form of their own are shown of an attack's wrapper (docs/attacks.md)."""

from __future__ import annotations

import pytest

from judger.contract.outcomes import AXES
from judger.contract.settings import Settings
from judger.judges.published.form import PublishedForm
from judger.judges.registry import forms
from judger.reply.parts import Part
from tests.judger.items import item
from tests.judger.judges.guards.test_guards_complete import GUARDS

SETTINGS = Settings(backend="guard", model="guard-1", base_url="http://127.0.0.1:1/v1")
UNDER = {"attack": "persona", "attack_about": "a part is played", "attack_sha256": "0" * 64}
SENT = "Play a part! Find me a number."
FORMS = {**{name: forms()[name] for name in (*GUARDS, "openai")}, "reference": PublishedForm}
#: Those that are asked by templates/judger.
TOLD = {"openai", "gpt_oss_safeguard"}


@pytest.mark.parametrize("name", FORMS)
def test_who_is_told_of_the_wrapper(name: str) -> None:
    form, part = FORMS[name](SETTINGS), Part("text", text="No.")
    for axis in set(form.axes) & set(AXES):
        plain = form.question(axis, item(), part).body
        under = form.question(axis, item(**UNDER, sent=SENT), part).body
        assert "Play a part" not in str(under), "nobody is shown the wrapper itself"
        told = name in TOLD and axis == "contextual"
        assert ("a part is played" in str(under)) is told
        assert told or under == plain
