"""Bodies as servers write them, for tests of what counts as an answer."""

from __future__ import annotations

import json
from typing import Any

T = "0123456789abcdef"
SAYS = json.dumps({"ticket": T, "reason": "It declines.", "verdict": "refusal"})


def body(
    content: Any = SAYS,
    finish: Any = "stop",
    choice: dict[str, Any] | None = None,
    message: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A whole completion, with fields added or replaced in the body, its choice, its message."""
    said = {"role": "assistant", "content": content, "refusal": None, **(message or {})}
    made = {"index": 0, "finish_reason": finish, "message": said, **(choice or {})}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "judge-1",
        "choices": [made],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        **more,
    }
