"""Forms in which a medium is handed over that nobody reads: named here, they become a fault.

A text that hands over a medium in an unknown form would be judged as harmless words while the
picture is never seen. Prose that mentions a file, code, and JSON without media stay texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from judger.reply.failures import failure, marked_failure
from judger.reply.names import LONGEST, bare, exists_here, lies_here, may_name, names_medium
from judger.reply.objects import BROKEN, MEDIA_KEYS, leaves, media_object, parsed

_KEY = "|".join(MEDIA_KEYS)
#: A media object where it is no JSON: by how it begins, and by a key of it where it was cut off.
_BEGUN = re.compile(rf'\{{\s*(?:$|"\w*$|"(?:text|{_KEY})"\s*(?::|$))')
_CUT = re.compile(rf"\{{.*[\"'](?:{_KEY})[\"']\s*:\s*(?:[\[(<{{\"']|$)", re.S)
_BRACKET = re.compile(r"(?:[A-Z]\w*\(\w+\s*=|[\[({]\s*(?:\w{1,40}\s*[:=]\s*)?[\"'\[({<])")
_OBJECT = re.compile(r"<[\w.]{1,80}[^<>]{0,200} at 0x[0-9A-Fa-f]+>")
_FENCE = re.compile(r"(`+|~~~+)(?:[\w+-]*\s*\n|[\w+-]*\s*(?=[\[({\"']))?")


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
    loaded = parsed(text)
    if isinstance(loaded, str):  # JSON in JSON
        inner = loaded.strip()
        known = media_object(inner) is not None or failure(inner) is not None
        return "JSON in quotes" if known or strange_form(inner, roots) else ""
    if loaded is not BROKEN:
        found = list(leaves(loaded))
        if any(marked_failure(leaf.strip()) for leaf, _ in found):
            return "JSON that holds a failure marker"
        media = ((leaf, named) for leaf, named in found if names_medium(leaf))
        here = any(named or lies_here(leaf, roots) for leaf, named in media)
        return "JSON that names media in no known way" if here else ""
    if _BEGUN.match(text) or (not text.endswith("}") and _CUT.match(text)):
        return "a media object that is cut off or no JSON"
    if _BRACKET.match(text):
        pieces = [piece.strip("\\ ") for piece in re.split(r"[\"']", text)]
        if _OBJECT.search(text) or any(names_medium(p) or marked_failure(p) for p in pieces):
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
    looked.update((leaf, None) for found in objects for leaf, _ in leaves(found))
    found = any(exists_here(name, roots) for name in looked if names_medium(name))
    return "a text beside a line that names one of its files" if found else ""


def _is_file(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False
