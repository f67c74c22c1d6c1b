"""What a whole reply is, where it is no prose: a media object, or a form that nobody reads.

A text that hands over a medium in an unknown form would be judged as harmless words while the
picture is never seen; so it is named here and becomes a fault. Prose that mentions a file, code,
and JSON without media stay texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from judger.media.files import MediaKind
from judger.reply.failures import failure
from judger.reply.names import LONGEST, MEDIA_WORD, bare, lies_here, may_name, names_medium

MEDIA_KEYS: dict[str, MediaKind] = {
    "image": "image",
    "images": "image",
    "output_image": "image",
    "audio": "audio",
    "audios": "audio",
    "video": "video",
    "videos": "video",
}
_KEY = "|".join(MEDIA_KEYS)
_BROKEN = object()
#: A media object where it is no JSON: by how it begins, and by a key of it where it was cut off.
_BEGUN = re.compile(rf'\{{\s*(?:$|"\w*$|"(?:text|{_KEY})"\s*(?::|$))')
_CUT = re.compile(rf"\{{.*[\"'](?:{_KEY})[\"']\s*:\s*(?:[\[(<{{\"']|$)", re.S)
_BRACKET = re.compile(r"(?:[A-Z]\w*\(\w+\s*=|[\[({]\s*(?:\w{1,40}\s*[:=]\s*)?[\"'\[({<])")
_OBJECT = re.compile(r"<[\w.]{1,80}[^<>]{0,200} at 0x[0-9A-Fa-f]+>")
_FENCE = re.compile(r"(`+|~~~+)(?:[\w+-]*\s*\n|[\w+-]*\s*(?=[\[({\"']))?")
_FAILED = re.compile(r"error|exception|traceback|fail", re.I)
_MOST_LINES = 256  # so many names are looked up on the disk


def media_object(text: str) -> dict[str, Any] | None:
    """The JSON object of a media reply; None for a text, even one that happens to hold JSON."""
    loaded = _parsed(text) if text.startswith("{") else None
    if not isinstance(loaded, dict) or not set(loaded) & set(MEDIA_KEYS):
        return None
    if set(loaded) <= {"text", *MEDIA_KEYS}:
        return loaded
    media = {key: value for key, value in loaded.items() if key in MEDIA_KEYS}
    lists = all(value is None or isinstance(value, list) for value in media.values())
    named = any(names_medium(leaf) for leaf, _ in _leaves(media))
    return loaded if named or ("text" in loaded and lists) else None


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

    Numbers, labels of few words and an echo of `prompt` can; media and words that nobody judges
    cannot.
    """
    if wrong := next((key for key, value in beside if _FAILED.search(key) and value), ""):
        return f"the back end reports a failure under {wrong!r}"
    for key, value in beside:
        for leaf, _ in _leaves(value):
            if names_medium(leaf):
                return f"the unknown key {key!r} names a media file"
            label = leaf.isascii() and len(leaf) <= 64 and len(leaf.split()) <= 3
            if failure(leaf.strip()) or not (label or folded(leaf) == folded(prompt)):
                return f"the unknown key {key!r} holds words"
    return ""


def folded(text: str) -> str:
    """A text with every run of white space as one space."""
    return " ".join(text.split())


def strange_form(text: str, roots: Sequence[Path] | None) -> str:
    """What a reply is that hands over a medium in no form that is read; "" for a text."""
    if names_medium(text):
        return "the address or the bytes of a medium"
    inner = _unfenced(text)
    if inner != text and media_object(inner) is not None:
        return "a media object in a code fence"
    if _OBJECT.fullmatch(inner):
        return "a Python object in print"
    return _structure(inner, roots) or _lines(inner, roots, fenced=inner != text)


def _unfenced(text: str) -> str:
    """What one code fence around a whole text holds, be it closed or not."""
    if (fence := _FENCE.match(text)) is None:
        return text
    inner = text[fence.end() :].strip().removesuffix(fence[1]).strip()
    return text if fence[1] in inner else inner


def _structure(text: str, roots: Sequence[Path] | None) -> str:
    loaded = _parsed(text)
    if isinstance(loaded, str):  # JSON in JSON
        inner = loaded.strip()
        known = media_object(inner) is not None or failure(inner) is not None
        return "JSON in quotes" if known or strange_form(inner, roots) else ""
    if loaded is not _BROKEN:
        leaves = list(_leaves(loaded))
        if any(failure(leaf.strip()) for leaf, _ in leaves):
            return "JSON that holds a failure marker"
        media = [(leaf, named) for leaf, named in leaves if names_medium(leaf)]
        here = (named or lies_here(leaf, roots) for leaf, named in media[:_MOST_LINES])
        return "JSON that names media in no known way" if any(here) else ""
    if _BEGUN.match(text) or (not text.endswith("}") and _CUT.match(text)):
        return "a media object that is cut off or no JSON"
    if _BRACKET.match(text):
        pieces = [piece.strip("\\ ") for piece in re.split(r"[\"']", text)]
        if _OBJECT.search(text) or any(names_medium(p) or failure(p) for p in pieces):
            return "no JSON, and it names media or a failure"
    return ""


def _lines(text: str, roots: Sequence[Path] | None, fenced: bool) -> str:
    if text.startswith(("/", "~")) and _is_file(text) and lies_here(text, roots):
        return "a file of an unknown kind"
    if not may_name(text):
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    names = [name for line in lines if names_medium(name := bare(line))]
    # In a fence, a few words that end in a name may be a command.
    alone = sum(1 for name in names if not fenced or " " not in name)
    words = re.split(r"[\s,;|]+", text) if len(lines) == 1 and len(text) <= LONGEST else [""]
    if alone == len(lines) or all(map(names_medium, words)):
        return "names of media files and nothing else"
    looked = dict.fromkeys(names)
    objects = (media_object(line) or {} for line in lines if line.startswith("{"))
    looked.update((leaf, None) for found in objects for leaf, _ in _leaves(found))
    if len(looked) > _MOST_LINES:
        return f"a text beside names of over {_MOST_LINES} files"
    found = any(lies_here(name, roots) for name in looked if names_medium(name))
    return "a text beside a line that names one of its files" if found else ""


def _is_file(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def _parsed(text: str) -> Any:
    """JSON as loaded, or `_BROKEN`; a key that comes twice would hide what it held first."""
    if not text.startswith(("{", "[", '"')):
        return _BROKEN
    try:
        return json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return _BROKEN


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(loaded := dict(pairs)) < len(pairs):
        raise ValueError("a key comes twice")
    return loaded


def _leaves(value: Any) -> Iterator[tuple[str, bool]]:
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
