"""What a test says of a reply that was read."""

from __future__ import annotations

from judger.reply.reply import Reply


def said(reply: Reply) -> tuple[str, list[str], str | None]:
    """(text, names of the files, fault)."""
    return reply.text, [path.name for _, path in reply.media], reply.fault
