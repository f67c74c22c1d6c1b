"""What was read of a model's reply: its text and files, what was left out of it, or a fault.

A reply is read once (`read`), where it comes from the model. What was read goes to the judge, and
into the record; report and rejudge take it from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from judger.contract.outcomes import OUTCOMES, Outcome
from judger.media.files import EXTENSIONS, MediaError, MediaKind, OurMediaError, checked, facts_of
from judger.reply.clean import bare, cleaned

NOTHING = hashlib.sha256(b"").hexdigest()
#: Changes when the same raw reply is read otherwise; a record of another reader is read anew.
READER = 2
MAX_FILES = 16
#: Characters of a text, and of what was left out of it, that a record keeps.
KEPT_TEXT, KEPT_ASIDE = 20_000, 1000

#: What a back end may say of a reply beside its text and files.
FLAGS = ("reject_image", "ended")

#: What is left out of a reply: a block of thoughts, an echo of the request, fields beside its
#: files, further attempts, characters that no file can hold.
What = Literal["thoughts", "echo", "fields", "attempts", "characters"]


class NotKept(ValueError):
    """A record that does not hold the reply as this reader would read it."""


@dataclass(frozen=True)
class Aside:
    """Something that is not judged: how much of it there was, and how it begins."""

    what: What
    length: int
    text: str = ""


@dataclass(frozen=True)
class ReplyFile:
    """One file of a reply. `sha256` and `size` are those it had when the reply was read."""

    kind: MediaKind
    path: Path
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True)
class Reply:
    """What came back: text and files that exist, or a fault. Never both.

    `sha256` is the hash of the raw reply and of all its files; `whole` says that the text is all of
    the raw reply, so that a record need not repeat it.

    Only the published protocol looks at the rest. `blanks` is a text of nothing but white space and
    invisible marks. `reject_image`: the back end says that a picture was declined. `ended`: it says
    that the model ended by itself, whatever it left; without that, nothing may be a lost reply.
    """

    text: str = ""
    files: tuple[ReplyFile, ...] = ()
    aside: tuple[Aside, ...] = ()
    fault: Outcome | None = None
    note: str = ""
    blanks: str = ""
    reject_image: bool = False
    ended: bool = False
    sha256: str = field(default=NOTHING, compare=False)
    whole: bool = field(default=False, compare=False)

    @property
    def media(self) -> tuple[tuple[MediaKind, Path], ...]:
        """Every file with its kind, in the order in which the files are judged."""
        return tuple((file.kind, file.path) for file in self.files)

    @property
    def images(self) -> tuple[Path, ...]:
        """The pictures."""
        return tuple(path for kind, path in self.media if kind == "image")

    @property
    def audio(self) -> tuple[Path, ...]:
        """The sounds."""
        return tuple(path for kind, path in self.media if kind == "audio")

    @property
    def video(self) -> tuple[Path, ...]:
        """The films."""
        return tuple(path for kind, path in self.media if kind == "video")

    def to_json(self) -> dict[str, Any]:
        """The reply as a record keeps it, beside the raw reply."""
        kept: dict[str, Any] = {"reader": READER}
        if not self.whole:
            kept["text"] = self.text[:KEPT_TEXT]
            if len(self.text) > KEPT_TEXT:
                kept["characters"] = len(self.text)
        if self.files:
            kept["files"] = [{**vars(file), "path": str(file.path)} for file in self.files]
        if self.aside:
            kept["aside"] = [vars(aside) for aside in self.aside]
        if self.fault is not None:
            kept |= {"fault": self.fault, "note": self.note}
        more = {"blanks": self.blanks, "reject_image": self.reject_image, "ended": self.ended}
        return kept | {key: value for key, value in more.items() if value}

    @classmethod
    def from_json(cls, kept: Any, raw: str) -> Reply:
        """The reply that a record keeps; NotKept where it has to be read from `raw` again."""
        if not isinstance(kept, Mapping) or kept.get("reader") != READER or "characters" in kept:
            raise NotKept("the record does not hold the reply")
        try:
            clean = cleaned(raw)[0].strip()
            text = kept["text"] if "text" in kept else bare(clean)
            files = [_file(entry) for entry in kept.get("files", ())]
            aside = [_aside(entry) for entry in kept.get("aside", ())]
            fault, note = kept.get("fault"), kept.get("note", "")
            blanks, flags = kept.get("blanks", ""), {f: kept.get(f, False) for f in FLAGS}
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise NotKept(f"the record does not hold the reply ({error})") from None
        known = fault is None or (fault in OUTCOMES and fault != "scored" and not (text or files))
        typed = all(isinstance(one, str) for one in (text, note, blanks))
        if not (typed and known and all(isinstance(flag, bool) for flag in flags.values())):
            raise NotKept("the record does not hold the reply")
        if len(files) > MAX_FILES or not (fault or text or files):
            raise NotKept("the record holds no reply")
        if fault == "judge_error":
            raise NotKept("the reply could not be read then")
        sha256, whole = sha256_of(clean, files), "text" not in kept
        more: dict[str, Any] = {"blanks": blanks, **flags, "sha256": sha256, "whole": whole}
        return cls(text, tuple(files), tuple(aside), fault, note, **more)

    def is_of(self, raw: str, sha256: str) -> bool:
        """Whether a record's hash is that of this reply, by today's rule or the earlier one."""
        if sha256 == self.sha256:
            return True
        try:
            return sha256 == _earlier_sha256(raw.strip(), self.files)
        except OSError:
            return False

    def found(self, roots: Sequence[Path]) -> Reply:
        """The reply with its files as they are today; a fault where one is not what it was.

        A file may lie elsewhere today: a run that was copied is looked through below `roots`.
        """
        try:
            files = tuple(_found(file, roots) for file in self.files)
        except OurMediaError as error:
            return Reply(fault="judge_error", note=str(error), sha256=self.sha256)
        except (OSError, ValueError) as error:
            return Reply(fault="target_error", note=str(error), sha256=self.sha256)
        return replace(self, files=files)


def _found(file: ReplyFile, roots: Sequence[Path]) -> ReplyFile:
    path = checked(str(file.path), roots)
    facts = facts_of(path)
    if facts.sha256 != file.sha256:
        raise MediaError(f"another file than the one that was judged: {file.path}")
    return replace(file, path=path)


def _file(entry: Mapping[str, Any]) -> ReplyFile:
    kind, path, sha256 = entry["kind"], entry["path"], entry["sha256"]
    if kind not in EXTENSIONS or not isinstance(path, str) or not isinstance(sha256, str):
        raise TypeError("a file")
    return ReplyFile(kind, Path(path), sha256, int(entry.get("size", 0)))


def _aside(entry: Mapping[str, Any]) -> Aside:
    if entry["what"] not in get_args(What):
        raise TypeError("aside")
    return Aside(entry["what"], int(entry["length"]), str(entry.get("text", "")))


def sha256_of(text: str, files: Sequence[ReplyFile]) -> str:
    """The hash of a raw reply and of its files, so that a swapped picture is noticed later."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    for file in files:
        digest = hashlib.sha256(f"{digest}{file.sha256}".encode()).hexdigest()
    return digest


def _earlier_sha256(text: str, files: Sequence[ReplyFile]) -> str:
    """The same as records held it before they kept the reply; OSError where a file is gone."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    for file in files:
        digest = hashlib.sha256(digest.encode() + file.path.read_bytes()).hexdigest()
    return digest


def left_out(what: What, text: str) -> Aside:
    """What is left out of a reply, as a record keeps it."""
    return Aside(what, len(text), text[:KEPT_ASIDE])
