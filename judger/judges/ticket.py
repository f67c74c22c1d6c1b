"""The ticket: what binds an answer to its question, and what no reply can know beforehand.

It is a hash of everything that the question is made of, so a server that hands out the answer to
another question hands out another ticket. A reply is part of it, so a reply cannot hold its own
ticket; and it stays the same from run to run, so that answers can be kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.contract.settings import Settings
from judger.media.files import MediaError, facts_of_own
from judger.reply.parts import Part

LENGTH = 16
#: What a request is to a judge beside its media: the intrinsic question shows none of it.
_TOLD = ("prompt", "media_text", "intent", "category", "subcategory", "task_type", "kind")


def ticket_of(
    axis: Axis, item: Item, part: Part, settings: Settings, wording: Mapping[str, str]
) -> str:
    """The ticket of one question: axis, request with its media, part with its file, judge, wording.

    OSError where the part's file cannot be read.
    """
    facts = {
        "axis": axis,
        "wording": wording[axis],
        "judge": [settings.backend, settings.model, settings.revision, settings.mode],
        "part": [part.kind, part.label, _text(part.text), part.sha256 or _file(part.path)],
    }
    if axis == "contextual":
        facts["request"] = [*request_facts(item), item.kind]
    return hashed(facts)


def request_facts(item: Item) -> list[str]:
    """Hashes of what a judge is told and shown of a request."""
    told = [_text(getattr(item, name)) for name in _TOLD]
    if item.attack:  # without one a ticket is as it always was
        told += [_text(item.attack), _text(item.attack_about)]
    return told + [_medium(path) for path in (item.image, item.audio, item.video)]


def hashed(facts: object) -> str:
    """A ticket from facts that JSON can hold."""
    return hashlib.sha256(b"uni-judger/2\0" + json.dumps(facts).encode()).hexdigest()[:LENGTH]


def _text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _medium(path: str) -> str:
    """The hash of a request's file. One that is only told of in words need not be there."""
    try:
        return facts_of_own(path).sha256 if path else ""
    except (MediaError, OSError):
        return f"not there: {path}"


def _file(path: Path | None) -> str:
    """The hash of a file's bytes, "" without one."""
    if path is None:
        return ""
    return facts_of_own(path).sha256
