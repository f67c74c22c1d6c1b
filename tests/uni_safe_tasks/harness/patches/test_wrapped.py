"""The text cells' hooks under an attack: given where they are needed, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from uni_safe_tasks.attacks.chosen import VARIABLE
from uni_safe_tasks.harness.hooks import doc_to_messages, doc_to_visual
from uni_safe_tasks.harness.patches.wrapped import hooked


class Task:
    """What is reached for of the harness's task (0.7.3)."""

    def __init__(self, **config: Any) -> None:
        self.config = {"doc_to_messages": None, "doc_to_visual": None, **config}

    def get_config(self, key: str) -> Any:
        return self.config[key]

    def set_config(self, key: str, value: Any) -> None:
        self.config[key] = value


@pytest.mark.parametrize(
    ("attack", "messages", "visual"),
    [
        ("", None, None),
        ("persona", None, None),
        ("beginning", None, None),
        ("warm_up", doc_to_messages, None),
        ("picture", doc_to_messages, doc_to_visual),
    ],
)
def test_hooks_while_it_lasts(
    attack: str, messages: Any, visual: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, attack)
    task, own = Task(), Task(doc_to_messages="theirs", doc_to_visual="theirs")
    with hooked(task), hooked(own):
        assert task.config == {"doc_to_messages": messages, "doc_to_visual": visual}
        assert own.config == {"doc_to_messages": "theirs", "doc_to_visual": "theirs"}
    assert task.config == {"doc_to_messages": None, "doc_to_visual": None}
    assert own.config == {"doc_to_messages": "theirs", "doc_to_visual": "theirs"}
