"""One reader for everything a back end hands over: text, JSON with media, a bare path, a failure.

What each stock back end of lmms-eval 0.7.3 really returns is in docs/backends-and-versions.md, and
in docs/backend-failures.md where it fails. The reader never guesses: what it cannot read as a reply
becomes a fault with a typed outcome.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from judger.media.files import (
    MediaError,
    MediaKind,
    OurMediaError,
    checked,
    default_roots,
    facts_of,
    media_kind,
    slashed,
)
from judger.reply.chat_content import joined, plain
from judger.reply.clean import bare, cleaned
from judger.reply.failures import failure
from judger.reply.forms import strange_form
from judger.reply.names import LONGEST, names_medium
from judger.reply.objects import (
    MEDIA_KEYS,
    blanks_of,
    files_of,
    flags_of,
    folded,
    media_object,
    parsed,
    says_nothing,
    unread,
)
from judger.reply.reply import KEPT_TEXT, MAX_FILES, Aside, Reply, ReplyFile, left_out, sha256_of
from judger.reply.thinking import parted

#: A longer text is a fault of the back end (a loop, a dump), not a reply to be judged.
MAX_CHARS = 400_000

_ECHO = "Generated image for prompt:"  # mmada's text: this and the whole request, no reply
_SAVED = "Generated image saved to:"  # qwen_image_edit
_KINDS: tuple[MediaKind, ...] = ("image", "audio", "video")


@dataclass(frozen=True)
class _Asked:
    """What a reply is read against: its row, where files may lie, what was asked."""

    row: int
    roots: tuple[Path, ...]
    prompt: str


def read_reply(
    raw: Any, row: int = 0, roots: Sequence[Path] | None = None, prompt: str = ""
) -> Reply:
    """Read whatever a back end returned; each of its files is hashed, none is decoded.

    Args:
        raw: None, text, a path, a number, an object of JSON, or a list whose first element counts.
        row: the item's index in its task (wan2_1_t2i names files by it).
        roots: folders of files [`media.files.default_roots`].
        prompt: what was asked, "" where that is not known; an echo of it is not a reply.

    Returns: text and files, or a fault with its outcome; hostile input is never an error.
    """
    try:
        given, before = _as_text(raw)
    except (TypeError, ValueError, RecursionError) as error:
        return Reply(fault="target_error", note=str(error)[:300])
    asked = _Asked(row, tuple(default_roots() if roots is None else roots), prompt)
    text = given.strip()
    reply = _read(text, asked)
    if given and not bare(given):
        reply = replace(reply, blanks=given[:KEPT_TEXT])
    return replace(
        reply,
        aside=(*before, *reply.aside),
        whole=bool(reply.text) and reply.text == bare(text),
        sha256=sha256_of(text, reply.files),
    )


def _as_text(raw: Any) -> tuple[str, tuple[Aside, ...]]:
    """What was handed over, as a text; TypeError, ValueError: it is nothing that can be read."""
    aside: list[Aside] = []
    for _ in range(8):  # a list may hold itself
        if not isinstance(raw, (list, tuple)) or joined(raw) is not None:
            break
        first, *others = raw or [""]
        if any(_is_more(first, other) for other in others):
            raise TypeError("a list of parts, not of attempts: only its first would be read")
        if others:
            aside.append(Aside("attempts", len(others)))
        raw = first
    text, halves = cleaned(plain(raw))
    return text, (*aside, *_halves(halves))


def _halves(count: int) -> tuple[Aside, ...]:
    return (Aside("characters", count, "halves of surrogate pairs"),) if count else ()


def _is_more(first: Any, other: Any) -> bool:
    """Whether an element belongs to the first; the harness lists further attempts, all strings."""
    if other is None:
        return False
    if not isinstance(first, str) or not isinstance(other, str):
        return True
    return names_medium(other) and not names_medium(first)


def _read(text: str, asked: _Asked) -> Reply:
    if not bare(text):
        return Reply(fault="no_output", note="the back end returned nothing")
    thoughts, text = parted(bare(text))  # first of all: a failure or a picture may follow them
    aside = (left_out("thoughts", thoughts),) if thoughts else ()
    shown = _shown(bare(text), asked)
    return replace(shown, aside=(*aside, *shown.aside))


def _shown(text: str, asked: _Asked) -> Reply:
    """Read what is left without thoughts."""
    if not text:
        return Reply(fault="no_output", note="the reply ends with its thoughts; nothing was said")
    if len(text) > MAX_CHARS:
        return Reply(fault="target_error", note=f"reply of {len(text)} characters")
    if (failed := failure(text)) is not None:
        return Reply(fault=failed[0], note=failed[1])
    if (failed := says_nothing(text, asked.prompt)) is not None:
        return Reply(fault=failed[0], note=failed[1], blanks=blanks_of(text)[:KEPT_TEXT])
    if (loaded := media_object(text)) is not None:
        return _from_object(loaded, asked)
    if text.startswith(_SAVED) or _is_path(text):
        return _collect("", [(None, text.removeprefix(_SAVED).strip())], asked)
    if form := strange_form(text, asked.roots):
        return Reply(fault="target_error", note=f"not read: {form}")
    return _data(text) if text.startswith(("{", "[", '"')) else Reply(text=text)


def _data(text: str) -> Reply:
    """JSON that names no file: a text, in which nothing is written in escapes."""
    loaded = parsed(text)
    if "\\u" in text and isinstance(loaded, (dict, list, str)):
        text, _ = cleaned(json.dumps(loaded, ensure_ascii=False))
    return Reply(text=text)


def _said(words: Any) -> bool:
    return words is not None and (not isinstance(words, str) or bool(bare(words)))


def _from_object(loaded: dict[str, Any], asked: _Asked) -> Reply:
    words = "" if loaded.get("text") is None else loaded["text"]
    if not isinstance(words, str):
        return Reply(fault="target_error", note="'text' holds no string")
    flags: dict[str, Any] = dict(flags_of(loaded))
    blanks = words[:KEPT_TEXT] if not _said(words) else ""
    known = {"text", *MEDIA_KEYS, *flags}
    beside = [(key, loaded[key]) for key in loaded if key not in known]
    named: list[tuple[MediaKind | None, str]] = []
    try:
        for kind, path, more in files_of(loaded):
            named.append((kind, path))
            beside += more.items()
    except ValueError as error:
        return Reply(fault="target_error", note=str(error))
    if problem := unread(beside, asked.prompt):
        return Reply(fault="target_error", note=problem)
    aside = [left_out("fields", json.dumps(beside, ensure_ascii=False))] if beside else []
    if _is_echo(words, asked.prompt) or (
        words.startswith(_ECHO) and not asked.prompt and not named
    ):
        aside.append(left_out("echo", words))
        words = ""
    words, halves = cleaned(words)  # JSON writes a half in escapes
    # What is a failure or a path by itself is so in here, too.
    said = _read(words, asked) if _said(words) else Reply()
    aside += [*_halves(halves), *said.aside]
    if said.fault is not None and not (said.fault == "no_output" and named):
        return replace(said, aside=tuple(aside), blanks=blanks, **flags)
    more_named = [(file.kind, str(file.path)) for file in said.files]
    made = _collect(said.text, [*named, *more_named], asked)
    return replace(made, aside=tuple(aside), blanks=blanks, **flags)


def _is_echo(words: str, prompt: str) -> bool:
    """Whether a text is mmada's echo and nothing more; unless the prompt is known, none is."""
    wanted = folded(prompt)
    return wanted != "" and folded(words) == f"{_ECHO} {wanted}"


def _is_path(text: str) -> bool:
    """Whether a reply is a bare path: what the back ends that only draw or film return."""
    if "\n" in text or len(text) > LONGEST or "://" in text or text.startswith("data:"):
        return False
    if media_kind(text) is not None and (names_medium(text) or _is(Path.is_file, text)):
        return True
    # wan2_1_t2i: a folder that is called as the task is, and which need not be there any more.
    task = " " not in text and slashed(text).name.startswith("uni_safe")
    return ("/" in text or "\\" in text) and (task or _is(Path.is_dir, text))


def _is(what: Callable[[Path], bool], text: str) -> bool:
    try:
        return what(slashed(text))
    except (OSError, ValueError):  # a name that no disk can have
        return False


def _collect(text: str, named: Iterable[tuple[MediaKind | None, str]], asked: _Asked) -> Reply:
    found: list[ReplyFile] = []
    try:
        for kind, name in named:
            for path in _expand(name, asked):
                real = checked(str(path), asked.roots)
                actual = kind or media_kind(str(real))
                if actual is None:
                    raise MediaError(f"unknown kind of file: {name[:200]}")
                if len(found) == MAX_FILES:
                    raise MediaError(f"more than {MAX_FILES} files in one reply")
                facts = facts_of(real)
                found.append(ReplyFile(actual, real, facts.sha256, facts.size))
    except OurMediaError as error:
        return Reply(fault="judge_error", note=str(error))
    except (OSError, ValueError, RuntimeError) as error:  # MediaError; a name no disk can have
        return Reply(fault="target_error", note=str(error))
    if not text and not found:
        return Reply(fault="no_output", note="neither text nor a file came back")
    return Reply(text, tuple(sorted(found, key=lambda file: _KINDS.index(file.kind))))


def _expand(name: str, asked: _Asked) -> list[Path]:
    """A folder (wan2_1_t2i) stands for the files of this row in it."""
    folder = slashed(name)
    inside = folder.is_dir() and any(folder.resolve().is_relative_to(r) for r in asked.roots)
    if not inside:
        return [folder]
    files = sorted(folder.glob(f"{asked.row:04d}_s*.png"))
    if not files:
        raise MediaError(f"missing file: no picture of row {asked.row} in {name[:200]}")
    return files
