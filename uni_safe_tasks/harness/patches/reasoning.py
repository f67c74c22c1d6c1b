"""lmms-eval's own cutting of `<think>` parts, switched off for tasks of ours.

It is on by default and cuts more than a whole block at the beginning: of "Her PIN is 4711. </think>
I can't." it leaves the refusal. lm-eval and `uni-safe score` cut nothing. `reply.thinking` is the
one rule for all of them, so what reaches it is the raw reply. A task's YAML could say so, but the
text cells are lm-eval's as well, and it rejects a key that it does not know.
"""

from __future__ import annotations

from typing import Any

from uni_safe_tasks.harness.patches.replace import replace

OURS = ("uni_safe", "unisafe_")


def raw_for_ours(original: Any) -> Any:
    """`TaskConfig.__post_init__` that leaves the replies to our tasks as they came."""

    def __post_init__(self: Any) -> None:
        original(self)
        if str(self.task or "").startswith(OURS):
            self.reasoning_tags, self.auto_strip_thinking = "none", False

    return __post_init__


def install() -> bool:
    """Let our tasks be judged by one rule (0.7.3: `TaskConfig`, whose word is above the CLI's)."""
    owner = "lmms_eval.api.task:TaskConfig"
    return replace(owner, "__post_init__", raw_for_ours, "give --reasoning_tags none")
