"""One reader for everything a back end hands over: text, JSON with media, a bare path, a failure.

What each stock back end of lmms-eval 0.7.3 really returns is in docs/backends-and-versions.md. The
reader never guesses: what it cannot read as a reply becomes a fault with a typed outcome.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.contract.outcomes import Outcome
from judger.media.files import MediaError, MediaKind, checked, default_roots, media_kind
from judger.reply.failures import failure
from judger.reply.forms import MEDIA_KEYS, files_of, folded, media_object, strange_form, unread
from judger.reply.names import LONGEST, names_medium
from judger.reply.thinking import visible_reply

#: A longer text is a fault of the back end (a loop, a dump), not a reply to be judged.
MAX_CHARS = 400_000
MAX_FILES = 16

_ECHO = "Generated image for prompt:"  # mmada's text: this and the whole request, no reply
_SAVED = "Generated image saved to:"  # qwen_image_edit
_INVISIBLE = " \t\r\n\ufeff\u200b\u2060"  # a byte order mark must not hide what follows it


NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Reply:
    """What came back: text and files that exist, or a fault. Never both."""

    text: str = ""
    images: tuple[Path, ...] = ()
    audio: tuple[Path, ...] = ()
    video: tuple[Path, ...] = ()
    fault: Outcome | None = None
    note: str = ""
    sha256: str = field(default=NOTHING, compare=False)

    @property
    def media(self) -> tuple[tuple[MediaKind, Path], ...]:
        """Every file with its kind, images first."""
        return (
            *(("image", p) for p in self.images),
            *(("audio", p) for p in self.audio),
            *(("video", p) for p in self.video),
        )


def read_reply(
    raw: Any, row: int = 0, roots: Sequence[Path] | None = None, prompt: str = ""
) -> Reply:
    """Read whatever a back end returned.

    `raw` is None, a string, a path, a number, an object of JSON, or a list whose first element
    counts; `row` is the item's index in its task (wan2_1_t2i returns a folder and names files by
    it); `roots` are the folders files may lie in (default: `media.files.default_roots`); `prompt`
    is what was asked, "" where that is not known: an echo of it is not a reply. Never raises on
    hostile input.
    """
    try:
        text = _as_text(raw)
    except (TypeError, ValueError, RecursionError) as error:
        return Reply(fault="target_error", note=str(error)[:300])
    sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _with_sha(_read(text, row, roots, prompt), sha)


def fault_of(raw: str, row: int = 0, roots: Sequence[Path] | None = None) -> Outcome | None:
    """The fault of a raw reply, None where there is none; unlike `read_reply` it reads no file."""
    return _read(raw.strip(), row, roots).fault


def _as_text(raw: Any) -> str:
    """What was handed over, as a text; TypeError, ValueError: it is nothing that can be read."""
    for _ in range(8):  # a list may hold itself
        if not isinstance(raw, (list, tuple)):
            break
        first, *others = raw or [""]
        if any(_is_more(first, other) for other in others):
            raise TypeError("a list of parts, not of attempts: only its first would be read")
        raw = first
    if raw is None or isinstance(raw, (str, int, float)):
        return "" if raw is None else str(raw).strip()
    if isinstance(raw, dict):
        return json.dumps(raw, ensure_ascii=False, default=os.fspath)
    if isinstance(raw, Path):
        return str(raw)
    raise TypeError(f"a {type(raw).__name__}, not a reply")


def _is_more(first: Any, other: Any) -> bool:
    """Whether an element belongs to the first; the harness lists further attempts, all strings."""
    if other is None:
        return False
    if not isinstance(first, str) or not isinstance(other, str):
        return True
    return names_medium(other) and not names_medium(first)


def _with_sha(reply: Reply, sha: str) -> Reply:
    """Hash of the raw text and of every file, so that a swapped picture is noticed later."""
    digest = sha
    try:
        for _, path in reply.media:
            digest = hashlib.sha256(digest.encode() + path.read_bytes()).hexdigest()
    except OSError as error:  # it was there a moment ago
        return Reply(fault="target_error", note=str(error), sha256=sha)
    return Reply(**{**reply.__dict__, "sha256": digest})


def _read(text: str, row: int, roots: Sequence[Path] | None, prompt: str = "") -> Reply:
    if not _stripped(text):
        return Reply(fault="no_output", note="the back end returned nothing")
    text = _shown(text)  # first of all: a failure or a picture may follow the thoughts
    if not text:
        return Reply(fault="no_output", note="the reply ends with its thoughts; nothing was said")
    if len(text) > MAX_CHARS:
        return Reply(fault="target_error", note=f"reply of {len(text)} characters")
    if (failed := failure(text)) is not None:
        return Reply(fault=failed[0], note=failed[1])
    if (loaded := media_object(text)) is not None:
        return _from_object(loaded, row, roots, prompt)
    if text.startswith(_SAVED) or _is_path(text):
        return _collect("", [(None, text.removeprefix(_SAVED).strip())], row, roots)
    if form := strange_form(text, roots):
        return Reply(fault="target_error", note=f"not read: {form}")
    return Reply(text=text)


def _shown(text: str) -> str:
    return _stripped(visible_reply(_stripped(text)))


def _stripped(text: str) -> str:
    return text.strip().strip(_INVISIBLE)


def _from_object(
    loaded: dict[str, Any], row: int, roots: Sequence[Path] | None, prompt: str
) -> Reply:
    words = "" if loaded.get("text") is None else loaded["text"]
    if not isinstance(words, str):
        return Reply(fault="target_error", note="'text' holds no string")
    beside = [(key, loaded[key]) for key in loaded if key not in {"text", *MEDIA_KEYS}]
    named: list[tuple[MediaKind | None, str]] = []
    try:
        for kind, path, more in files_of(loaded):
            named.append((kind, path))
            beside += more.items()
    except ValueError as error:
        return Reply(fault="target_error", note=str(error))
    if problem := unread(beside, prompt):
        return Reply(fault="target_error", note=problem)
    if _is_echo(words, prompt) or (words.startswith(_ECHO) and not prompt and not named):
        words = ""
    # What is a failure or a path by itself is so in here, too.
    said = _read(words, row, roots) if _shown(words) else Reply()
    if said.fault is not None:
        return said
    return _collect(said.text, [*named, *((k, str(p)) for k, p in said.media)], row, roots)


def _is_echo(words: str, prompt: str) -> bool:
    """Whether a text is mmada's echo and nothing more; unless the prompt is known, none is."""
    asked = folded(prompt)
    return asked != "" and folded(words) == f"{_ECHO} {asked}"


def _is_path(text: str) -> bool:
    """Whether a reply is a bare path: what the back ends that only draw or film return."""
    if "\n" in text or len(text) > LONGEST or "://" in text or text.startswith("data:"):
        return False
    if media_kind(text) is not None and (names_medium(text) or _is(Path.is_file, text)):
        return True
    # wan2_1_t2i: a folder that is called as the task is, and which need not be there any more.
    task = " " not in text and Path(text).name.startswith("uni_safe")
    return "/" in text and (task or _is(Path.is_dir, text))


def _is(what: Callable[[Path], bool], text: str) -> bool:
    try:
        return what(Path(text))
    except (OSError, ValueError):  # a name that no disk can have
        return False


def _collect(
    text: str,
    named: Iterable[tuple[MediaKind | None, str]],
    row: int,
    roots: Sequence[Path] | None,
) -> Reply:
    roots = default_roots() if roots is None else roots
    found: dict[MediaKind, list[Path]] = {"image": [], "audio": [], "video": []}
    try:
        for kind, name in named:
            for path in _expand(name, row, roots):
                real = checked(str(path), roots)
                actual = kind or media_kind(str(real))
                if actual is None:
                    raise MediaError(f"unknown kind of file: {name[:200]}")
                found[actual].append(real)
    except (OSError, ValueError, RuntimeError) as error:  # MediaError; a name no disk can have
        return Reply(fault="target_error", note=str(error))
    if sum(map(len, found.values())) > MAX_FILES:
        return Reply(fault="target_error", note=f"more than {MAX_FILES} files in one reply")
    if not text and not any(found.values()):
        return Reply(fault="no_output", note="neither text nor a file came back")
    return Reply(text, tuple(found["image"]), tuple(found["audio"]), tuple(found["video"]))


def _expand(name: str, row: int, roots: Sequence[Path]) -> list[Path]:
    """A folder (wan2_1_t2i) stands for the files of this row in it."""
    folder = Path(name)
    if not folder.is_dir() or not any(folder.resolve().is_relative_to(root) for root in roots):
        return [folder]
    files = sorted(folder.glob(f"{row:04d}_s*.png"))
    if not files:
        raise MediaError(f"missing file: no picture of row {row} in {name[:200]}")
    return files
