"""What a user would see of a reply: a reasoning model's thoughts, where they are marked, are not.

One rule for every route to the judge (the harnesses, `score`, `rejudge`): one whole block
`<think>…</think>` at the very beginning is left out. Nothing else is: what only looks like a block
(no opening mark, no end, words before it) is judged as it stands, so no mark can hide a reply.
"""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"


def visible_reply(text: str) -> str:
    """The text without its leading block of thoughts; "" when there is nothing after it."""
    begun = text.lstrip()
    if not begun.startswith(_OPEN):
        return text
    _, found, rest = begun.partition(_CLOSE)
    return rest.strip() if found else text
