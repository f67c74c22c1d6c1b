"""The text cells under an attack: turns before the request are messages, drawn words are a picture.

Their YAML names no hook for messages or pictures, because lm-eval runs them too. What the harness
makes by itself is one user message with the whole transcript as its text, and no picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from uni_safe_tasks.attacks.chosen import chosen
from uni_safe_tasks.harness.hooks import doc_to_messages, doc_to_visual


@contextmanager
def hooked(task: Any) -> Iterator[None]:
    """Give a task the hooks that the run's attack needs, for as long as this lasts."""
    attack = chosen()
    hooks: dict[str, Any] = {}
    if attack is not None and (attack.turns or attack.drawn):
        hooks["doc_to_messages"] = doc_to_messages
    if attack is not None and attack.drawn:
        hooks["doc_to_visual"] = doc_to_visual
    before = {key: task.get_config(key) for key in hooks}
    for key, value in hooks.items():
        if before[key] is None:
            task.set_config(key=key, value=value)
    try:
        yield
    finally:
        for key, value in before.items():
            task.set_config(key=key, value=value)
