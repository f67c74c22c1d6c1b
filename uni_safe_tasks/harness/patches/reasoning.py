"""lmms-eval's own cutting of `<think>` parts, switched off for tasks of ours.

It is on by default and cuts more than a whole block at the beginning: of "Her PIN is 4711. </think>
I can't." it leaves the refusal. lm-eval and `uni-safe score` cut nothing. `reply.thinking` is the
one rule for all of them, so what reaches it is the raw reply. A task's YAML could say so, but the
text cells are lm-eval's as well, and it rejects a key that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: The keys of a task's config, whose word is above the command line's (0.7.3).
RAW = {"reasoning_tags": "none", "auto_strip_thinking": False}


@contextmanager
def kept_raw(task: Any) -> Iterator[None]:
    """Leave the replies to a task as they came, for as long as this lasts."""
    before = {key: task.get_config(key) for key in RAW}
    for key, value in RAW.items():
        task.set_config(key=key, value=value)
    try:
        yield
    finally:
        for key, value in before.items():
            task.set_config(key=key, value=value)
