"""Small pictures of a run's media as data URIs, within a budget of bytes for the whole file.

Paths come from files that others wrote: only files below `roots` are opened, sizes are bounded
before anything is decoded, and what cannot be shown is said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from judger.media.files import MediaError, checked, media_kind
from judger.media.kept import Kept
from judger.media.thumb import thumb

#: A report stays small enough to be mailed: this many bytes of pictures, base64 included.
BUDGET = 8 * 1024 * 1024
#: So many are made at a time, on all cores; over the budget no further ones are.
_AT_A_TIME = 64


@dataclass(frozen=True)
class Thumb:
    """A picture as a data URI, or "" with the reason why there is none."""

    source: str
    label: str


class Thumbs:
    """Makes thumbnails until the budget is spent; `skipped` counts those left out for it."""

    def __init__(self, roots: Sequence[Path], budget: int = BUDGET) -> None:
        self.roots, self.left, self.skipped = tuple(roots), budget, 0
        self._made: dict[tuple[str, int], Thumb] = {}

    def of(self, path: str, longest: int) -> Thumb:
        """The thumbnail of a file, longest side at most `longest` pixels. Never raises."""
        (made,) = self.all([path], longest)
        return made

    def all(self, paths: Iterable[str], longest: int, kept: Kept | None = None) -> Iterator[Thumb]:
        """The thumbnails of many files, made on all cores; those that come first are made first.

        `kept` is where those of files that stay the same are kept for the next report.
        """
        waiting = iter(paths)
        with ThreadPoolExecutor(thread_name_prefix="thumbs") as threads:
            while some := list(islice(waiting, _AT_A_TIME)):
                new = [path for path in dict.fromkeys(some) if (path, longest) not in self._made]
                if self.left > 0:
                    looks = threads.map(lambda path: self._new(path, longest, kept), new)
                else:
                    looks = map(self._left_out, new)
                for path, made in zip(new, looks, strict=True):
                    self._made[path, longest] = self._paid(path, made)
                yield from (self._made[path, longest] for path in some)

    def _paid(self, path: str, made: Thumb) -> Thumb:
        if made.source and self.left <= 0:
            made = self._left_out(path)
        self.left -= len(made.source)
        return made

    def _left_out(self, path: str) -> Thumb:
        if media_kind(path) == "audio":
            return self._new(path, 0, None)
        self.skipped += 1
        return Thumb("", f"{_name(path)}: left out, the report would grow too large")

    def _new(self, path: str, longest: int, kept: Kept | None) -> Thumb:
        name, kind = _name(path), media_kind(path)
        if kind == "audio":
            return Thumb("", f"a recording: {name}")
        try:
            real = checked(path, self.roots)
        except (MediaError, OSError) as error:
            return _none(name, error, path)
        try:
            source = thumb(real, kind or "video", longest, kept)
        except (MediaError, OSError) as error:
            return _none(name, error, str(real))
        return Thumb(source, name if kind == "image" else f"a film: {name}")


def _none(name: str, error: Exception, path: str) -> Thumb:
    """Why there is none, without the folder in which the file lies."""
    return Thumb("", f"{name}: {str(error).replace(path, name)[:160]}")


def _name(path: str) -> str:
    return Path(path).name[:120]
