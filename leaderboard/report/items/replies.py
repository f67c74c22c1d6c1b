"""What was read of a reply when it was judged: its text, its files, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from judger.media.files import MediaError, checked, facts_of
from judger.reply.read import read_reply
from judger.reply.reply import NotKept, Reply
from leaderboard.runs.read import Sample
from leaderboard.text.words import visible

MAX_ASIDE = 400


def reply_of(sample: Sample) -> Reply:
    """What was read of a sample's reply when it was judged; its files may be others by now."""
    try:
        return Reply.from_json(sample.record.reply, sample.reply)
    except NotKept:  # an earlier suite's record
        reply = read_reply(sample.reply)
    if not reply.files or reply.is_of(sample.reply, sample.record.response_sha256):
        return reply
    # Of a folder for many items it is not even known which file was this one's.
    named = tuple(file for file in reply.files if file.path.name in sample.reply)
    other = "its files are not those that were judged (another checksum)"
    return Reply(text=reply.text, files=named, note=other)


def shown(sample: Sample, reply: Reply) -> str:
    """The text of a reply; where there is none, or was a fault, what the back end handed over."""
    beginning = sample.record.reply.get("text")  # of a text that is too long to be kept whole
    return reply.text or (beginning if isinstance(beginning, str) else "") or sample.reply


def aside(reply: Reply) -> list[dict[str, Any]]:
    """What was left out of a reply and is not judged."""
    return [
        {"what": one.what, "length": one.length, "text": visible(one.text, MAX_ASIDE)}
        for one in reply.aside[:20]
    ]


def files(reply: Reply, roots: Sequence[Path]) -> tuple[list[str], str]:
    """The paths of a reply's files as they can be shown, and why one cannot."""
    found, notes = [], [reply.note] if reply.note and not reply.fault else []
    for file in reply.files:
        try:
            path = checked(str(file.path), roots)
            if facts_of(path).sha256 != file.sha256:
                notes.append(f"{path.name[:80]} is not the file that was judged (another checksum)")
            found.append(str(path))
        except (MediaError, OSError) as error:
            notes.append(f"its files cannot be shown: {error}"[:200])
    return found, "; ".join(notes)
