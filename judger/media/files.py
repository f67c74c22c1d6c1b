"""The one door for media files: where they may lie, how large they may be, what they are by hash.

Paths are accepted only below the folders a back end may write to (`roots`): a text reply that
spells a path must not make the judge read, or send away, a file that no model made. What is opened
is a regular file within bounds, hashed once, and later the very file that was hashed.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
import stat
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from judger.contract.errors import UserError
from judger.media.at_hand import SMALL, may_wait, taken
from judger.media.bounds import MAX_BYTES

MediaKind = Literal["image", "audio", "video"]

EXTENSIONS: dict[MediaKind, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"),
    "audio": (".wav", ".mp3", ".flac", ".ogg", ".m4a", ".opus"),
    "video": (".mp4", ".mov", ".webm", ".mkv", ".avi"),
}
#: Errors that say something of this machine, not of a file.
_MACHINE = {
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS),
    *(errno.EAGAIN, errno.EIO, errno.ESTALE),
}
_CHUNK = 1024 * 1024
_local = threading.local()
_KNOWN = 4096  # so many files' hashes are remembered
_seen: ContextVar[dict[str, FileFacts] | None] = ContextVar("a request's files", default=None)


class MediaError(UserError):
    """A file that cannot be used; the message says which and why."""


class OurMediaError(MediaError):
    """A file that could not be used for no fault of the reply."""


class LinkError(MediaError):
    """A link where a file was."""


class RequestMediaError(OurMediaError):
    """A file of the request, not of the reply: no fault of the model under test."""


class MachineError(OurMediaError):
    """This machine cannot open or decode files now: no more open files, memory or processes."""


#: Which file it is, and in which state: another one, or other bytes in it, differ here.
Stamp = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class FileFacts:
    """A regular file as it was found: its hash belongs to the bytes behind `stamp`."""

    path: Path
    size: int
    sha256: str
    stamp: Stamp


def media_kind(path: str) -> MediaKind | None:
    """The kind a path's extension stands for, or None."""
    suffix = Path(path).suffix.lower()
    return next((kind for kind, known in EXTENSIONS.items() if suffix in known), None)


def default_roots() -> tuple[Path, ...]:
    """Where a back end may write: `UNI_JUDGER_MEDIA_ROOTS`, else here and the temporary folder."""
    named = os.environ.get("UNI_JUDGER_MEDIA_ROOTS", "")
    return _resolved(named, os.getcwd(), tempfile.gettempdir())  # noqa: PTH109 asked for each reply


@functools.lru_cache(maxsize=8)
def _resolved(named: str, *usual: str) -> tuple[Path, ...]:
    folders = named.split(os.pathsep) if named else usual
    return tuple(Path(folder).resolve() for folder in folders if folder)


def checked(path: str, roots: Sequence[Path]) -> Path:
    """The real path of a reply's file; MediaError: outside `roots`, missing, empty, too large."""
    if "\x00" in path or path.startswith(("http:", "https:", "data:", "file:")):
        raise MediaError(f"not a file path: {path[:80]!r}")
    real = slashed(path).expanduser().resolve()
    if not any(real.is_relative_to(root) for root in roots):
        raise MediaError(f"file outside the allowed folders: {path[:200]} (UNI_JUDGER_MEDIA_ROOTS)")
    if not real.is_file():
        raise MediaError(f"missing file: {path[:200]}")
    _bounded(real.stat().st_size, path)
    return real


def slashed(path: str) -> Path:
    """A path as this machine writes it: one that was made on Windows has backslashes."""
    plain = Path(path)
    if os.sep == "/" and "\\" in path and not os.path.lexists(path):
        return Path(path.replace("\\", "/"))
    return plain


def _bounded(size: int, path: object) -> None:
    if not 0 < size <= MAX_BYTES:
        raise MediaError(f"file of {size} bytes (1 to {MAX_BYTES}): {str(path)[:200]}")


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[int, Stamp]]:
    """A descriptor of a regular file within bounds, and its stamp.

    Raises MediaError for any other file, OSError where there is none, MachineError where this
    machine is at its limits.
    """
    # Neither a named pipe nor a link that was put in its place since may be waited for or followed.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LinkError(f"a link where a file was: {path}") from None
        raise machine(error) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise MediaError(f"no regular file: {path}")
        _bounded(status.st_size, path)
        yield descriptor, _stamp(status)
    finally:
        os.close(descriptor)


def machine(error: OSError) -> OSError | MachineError:
    """The error itself, or MachineError where it says nothing of the file."""
    if error.errno in _MACHINE:
        return MachineError(f"this machine cannot open files now: {error.strerror}")
    return error


def _stamp(status: os.stat_result) -> Stamp:
    return (
        *(status.st_dev, status.st_ino, status.st_size),
        *(status.st_mtime_ns, status.st_ctime_ns),
    )


def facts_of(path: Path) -> FileFacts:
    """A file's size and hash; each state of a file is read once. Raises as `opened`."""
    with opened(path) as (descriptor, stamp):
        if (known := _hashes.get(stamp)) is None:
            if stamp[2] > SMALL and not may_wait():
                return taken(str(path), functools.partial(facts_of, path))
            known = _sha256(descriptor)
            if _stamp(os.fstat(descriptor)) != stamp:
                raise MediaError(f"file that was written to while it was read: {path}")
            _hashes.put(stamp, known)
        return FileFacts(path, stamp[2], known, stamp)


def _sha256(descriptor: int) -> str:
    digest, buffer = hashlib.sha256(), _buffer()
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        while got := file.readinto(buffer):
            digest.update(buffer[:got])
    return digest.hexdigest()


def _buffer() -> memoryview:
    """Memory of this thread's: new memory for each file would cost as much as reading it."""
    if (known := getattr(_local, "buffer", None)) is None:
        known = _local.buffer = memoryview(bytearray(_CHUNK))
    return known


def facts_of_own(path: str | Path) -> FileFacts:
    """The same of a file of the suite or of a run's own request, which may be a link to one.

    Within `looked_at_once` a file is looked at the first time only.
    """
    seen = _seen.get()
    if seen is not None and (known := seen.get(str(path))) is not None:
        return known
    try:
        found = facts_of(Path(path))
    except LinkError:
        found = facts_of(Path(path).resolve())
    if seen is not None:
        seen[str(path)] = found
    return found


@contextlib.contextmanager
def looked_at_once() -> Iterator[None]:
    """Within, a request's file is what it was when it was first asked for: its hash, the questions'
    tickets and what is shown of it are of the same bytes. Whoever decodes it later is told where
    it was changed meanwhile."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


class _Hashes:
    """The latest hashes by stamp. A stamp names one state of one file, so none is ever wrong."""

    def __init__(self) -> None:
        self._known: OrderedDict[Stamp, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, stamp: Stamp) -> str | None:
        with self._lock:
            return self._known.get(stamp)

    def put(self, stamp: Stamp, sha256: str) -> None:
        with self._lock:
            self._known[stamp] = sha256
            while len(self._known) > _KNOWN:
                self._known.popitem(last=False)


_hashes = _Hashes()
