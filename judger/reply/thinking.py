"""What a user would see of a reply: a reasoning model's thoughts, where they are marked, are not.

One rule for every route to the judge (the harnesses, `score`, `rejudge`): one whole block
`<think>…</think>` at the very beginning is left out. Nothing else is: what only looks like a block
(no opening mark, no end, words before it) is judged as it stands, so no mark can hide a reply.
"""

from __future__ import annotations

_OPEN, _CLOSE = "<think>", "</think>"


def parted(text: str) -> tuple[str, str]:
    """(thoughts, reply): the text of a leading block, and what follows it; ("", text) without."""
    begun = text.lstrip()
    if not begun.startswith(_OPEN):
        return "", text
    thoughts, found, rest = begun.partition(_CLOSE)
    return (thoughts[len(_OPEN) :], rest.strip()) if found else ("", text)


def visible_reply(text: str) -> str:
    """The text without its leading block of thoughts; "" when there is nothing after it."""
    return parted(text)[1]


def marked(thoughts: str, text: str) -> str:
    """A reply whose thoughts came apart from it, in the form that `parted` reads."""
    return f"{_OPEN}{thoughts.replace(_CLOSE, '')}{_CLOSE}\n{text}" if thoughts else text
