"""In which form the sounds and films of a question went out: a record says so of each part.

The same file is a film to one judge, eight frames to another, words to a third, and of two films
one may be too large to be sent: by its settings alone it is not known what a judge was shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.reply.parts import Part

_NAMES = {"image_url": "picture", "input_audio": "sound", "video_url": "film"}


def sent(body: Mapping[str, Any], axis: Axis, item: Item, part: Part) -> str:
    """Such as `1 film, 1 sound`, `8 pictures`, `in words`; "" without a sound or a film."""
    asked = axis == "contextual" and bool(item.audio or item.video)
    if not asked and part.kind not in ("audio", "video"):
        return ""
    found = Counter(_NAMES[kind] for kind in _types(body) if kind in _NAMES)
    counted = (f"{n} {name}{'s' * (n > 1)}" for name, n in sorted(found.items()))
    return ", ".join(counted) or "in words"


def _types(body: Mapping[str, Any]) -> Iterator[str]:
    for message in body.get("messages", ()):
        content = message["content"]
        yield from () if isinstance(content, str) else (one["type"] for one in content)
