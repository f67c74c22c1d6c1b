"""A reply as an object of JSON that names files, and what may stand beside the files unread.

An object that names no file is a text, and all of it is judged. Of one that names files the text
and the files are judged; what else stands in it is bounded in all, listed, and a fault where it
could be words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judger.media.files import MediaKind
from judger.reply import clean
from judger.reply.failures import MOST_ERROR, Found, failure
from judger.reply.names import MEDIA_WORD, names_medium
from judger.reply.reply import FLAGS

MEDIA_KEYS: dict[str, MediaKind] = {
    "image": "image",
    "images": "image",
    "output_image": "image",
    "audio": "audio",
    "audios": "audio",
    "video": "video",
    "videos": "video",
}
#: What is no JSON.
BROKEN = object()
_FAILED = re.compile(r"error|exception|traceback|fail", re.I)
#: Beside files: characters of one label, of all keys and labels, and numbers in all.
_LABEL, _LABELS, _NUMBERS = 64, 200, 1000


def media_object(text: str) -> dict[str, Any] | None:
    """The JSON object of a media reply; None for a text, even one that happens to hold JSON."""
    loaded = parsed(text) if text.startswith("{") else None
    if not isinstance(loaded, dict):
        return None
    flags = set(flags_of(loaded))
    if not set(loaded) & set(MEDIA_KEYS) and not ("text" in loaded and flags):
        return None
    if set(loaded) <= {"text", *MEDIA_KEYS, *flags}:
        return loaded
    media = {key: value for key, value in loaded.items() if key in MEDIA_KEYS}
    named = any(names_medium(leaf) for leaf, _ in leaves(media))
    handed = any(isinstance(value, list) and value for value in media.values())
    return loaded if named or ("text" in loaded and handed) else None


def flags_of(loaded: Mapping[str, Any]) -> dict[str, bool]:
    """What the back end says of a reply (`reply.FLAGS`); what is not true or false is none."""
    return {key: loaded[key] for key in FLAGS if isinstance(loaded.get(key), bool)}


def files_of(loaded: Mapping[str, Any]) -> Iterator[tuple[MediaKind, str, dict[str, Any]]]:
    """(kind, path, what else stands in the entry) of a media object; ValueError for no path."""
    for key, kind in MEDIA_KEYS.items():
        value = loaded.get(key) or []
        for entry in value if isinstance(value, list) else [value]:
            beside = dict(entry) if isinstance(entry, dict) else {"path": entry}
            path = beside.pop("path", None)
            if not isinstance(path, str):
                raise ValueError(f"{key!r} holds no file path")
            yield kind, path, beside


def unread(beside: Sequence[tuple[str, Any]], prompt: str) -> str:
    """Why the (key, value) pairs beside a media object's own cannot be left unread; "" if they can.

    A few numbers, labels of few words and an echo of `prompt` can; media, and words that nobody
    judges, cannot. Keys are words, too.
    """
    if wrong := next((key for key, value in beside if _FAILED.search(key) and value), ""):
        return f"the back end reports a failure under {wrong!r}"
    length = numbers = 0
    for key, value in beside:
        for leaf, _ in leaves({key: value}):
            if names_medium(leaf):
                return f"the unknown key {key!r} names a media file"
            if failure(leaf.strip()) is not None:
                return f"the unknown key {key!r} holds a failure"
            if leaf and folded(leaf) == folded(prompt):
                continue
            label = leaf.isascii() and len(leaf) <= _LABEL and len(re.split(r"[\W_]+", leaf)) <= 3
            length += len(leaf)
            if not label or length > _LABELS:
                return f"the unknown key {key!r} holds words"
        numbers += _counted(value)
        if numbers > _NUMBERS:
            return f"over {_NUMBERS} numbers under unknown keys"
    return ""


def says_nothing(text: str, prompt: str) -> Found | None:
    """(outcome, note) of an object whose text and media are empty and beside which no words stand.

    None for any other text: words are judged, whatever stands beside them.
    """
    loaded = parsed(text) if text.startswith("{") else None
    if not isinstance(loaded, dict) or not set(loaded) & {"text", *MEDIA_KEYS}:
        return None
    if flags_of(loaded):  # the back end says what became of it
        return None
    said = [loaded[key] for key in loaded if key in {"text", *MEDIA_KEYS}]
    if any(clean.bare(one) if isinstance(one, str) else one not in (None, [], {}) for one in said):
        return None
    beside = [(key, loaded[key]) for key in loaded if key not in {"text", *MEDIA_KEYS}]
    failing = [key for key, value in beside if _FAILED.search(key) and value]
    if unread([pair for pair in beside if pair[0] not in failing], prompt):
        return None
    if failing:
        found = f"the back end reports a failure under {failing[0]!r}: {text}"
        return ("target_error", found[:300]) if len(text) <= MOST_ERROR else None
    return "no_output", "an object with neither text nor media"


def blanks_of(text: str) -> str:
    """The text of an object that says nothing: blanks, or none."""
    words = (parsed(text) or {}).get("text")
    return words if isinstance(words, str) else ""


def folded(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())


def parsed(text: str) -> Any:
    """JSON as loaded, or `BROKEN`; a key that comes twice would hide what it held first."""
    if not text.startswith(("{", "[", '"')):
        return BROKEN
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return BROKEN


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(loaded := dict(pairs)) < len(pairs):
        raise ValueError("a key comes twice")
    return loaded


def _counted(value: Any) -> int:
    """How many numbers there are in a value, at any depth."""
    stack, found = [value], 0
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        else:
            found += isinstance(value, (int, float))
    return found


def leaves(value: Any) -> Iterator[tuple[str, bool]]:
    """Every string in a value, and whether its place says that it is a medium.

    The place is a key that speaks of media, or a list under no key at all; keys are strings, too.
    """
    stack: list[tuple[Any, bool, bool]] = [(value, True, False)]
    while stack:
        value, named, keyed = stack.pop()
        if isinstance(value, str):
            yield value, named
        elif isinstance(value, list):
            stack.extend((inner, named, keyed) for inner in value)
        elif isinstance(value, dict):
            above = named and keyed
            for key, inner in value.items():
                stack.append((key, above, True))
                stack.append((inner, above or MEDIA_WORD.search(key) is not None, True))
