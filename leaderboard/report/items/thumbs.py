"""Small pictures of a run's media, each once, within a budget of bytes for the whole file.

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

#: So many bytes of pictures, base64 included, where nobody says how many.
BUDGET = 2 * 1024 * 1024
#: Longest sides in pixels of what a model made and of what it was given: the first pair that fits.
SIDES = ((256, 160), (256, 128), (192, 128), (192, 96), (160, 96), (128, 80), (128, 64))
#: So many are made at a time, on all cores; over the budget no further ones are.
_AT_A_TIME = 64


@dataclass(frozen=True)
class Thumb:
    """A picture's place in `Thumbs.pictures`, or None with the reason why there is none."""

    picture: int | None
    label: str

    def to_json(self) -> list[int | str | None]:
        """As it stands in a page, in few bytes."""
        return [self.picture, self.label]


def sides(made: int, given: int, budget: int) -> tuple[int, int]:
    """The largest sides at which so many pictures are likely to fit."""
    for pair in SIDES:
        if made * _likely(pair[0]) + given * _likely(pair[1]) <= budget:
            return pair
    return SIDES[-1]


def _likely(side: int) -> float:
    """Bytes of a small picture, base64 included, as the suite's own pictures need them."""
    return 1.15 * float(side**1.52)


class Thumbs:
    """Makes thumbnails until the budget is spent; `skipped` counts those left out for it.

    `pictures` are the data URIs, each once however often it is shown.
    """

    def __init__(
        self, roots: Sequence[Path], budget: int = BUDGET, kept: Kept | None = None
    ) -> None:
        self.roots, self.left, self.skipped = tuple(roots), budget, 0
        self.pictures: list[str] = []
        self._kept = kept
        self._places: dict[str, int] = {}
        self._made: dict[tuple[str, int], Thumb] = {}

    def of(self, path: str, longest: int) -> Thumb:
        """The thumbnail of a file, longest side at most `longest` pixels. Never raises."""
        (made,) = self.all([path], longest)
        return made

    def all(self, paths: Iterable[str], longest: int) -> Iterator[Thumb]:
        """The thumbnails of many files, made on all cores; those that come first are made first."""
        waiting = iter(paths)
        with ThreadPoolExecutor(thread_name_prefix="thumbs") as threads:
            while some := list(islice(waiting, _AT_A_TIME)):
                new = [path for path in dict.fromkeys(some) if (path, longest) not in self._made]
                if self.left > 0:
                    looks = threads.map(lambda path: self._new(path, longest), new)
                else:
                    looks = map(self._nothing, new)
                for path, (source, label) in zip(new, looks, strict=True):
                    self._made[path, longest] = self._paid(path, source, label)
                yield from (self._made[path, longest] for path in some)

    def _paid(self, path: str, source: str, label: str) -> Thumb:
        if source in self._places:
            return Thumb(self._places[source], label)
        if not source and label:
            return Thumb(None, label)
        if self.left <= 0:
            self.skipped += 1
            return Thumb(None, f"{_name(path)}: left out, the report would grow too large")
        self.left -= len(source)
        self._places[source] = len(self.pictures)
        self.pictures.append(source)
        return Thumb(self._places[source], label)

    def _nothing(self, path: str) -> tuple[str, str]:
        """Over the budget: a recording has none anyway, all else is left out."""
        return self._new(path, 0) if media_kind(path) == "audio" else ("", "")

    def _new(self, path: str, longest: int) -> tuple[str, str]:
        """(data URI, label); the URI is "" where the label says why there is none."""
        name, kind = _name(path), media_kind(path)
        if kind == "audio":
            return "", f"a recording: {name}"
        try:
            real = checked(path, self.roots)
        except (MediaError, OSError) as error:
            return "", _why(name, error, path)
        try:
            source = thumb(real, kind or "video", longest, self._kept)
        except (MediaError, OSError) as error:
            return "", _why(name, error, str(real))
        return source, name if kind == "image" else f"a film: {name}"


def _why(name: str, error: Exception, path: str) -> str:
    """Why there is none, without the folder in which the file lies."""
    return f"{name}: {str(error).replace(path, name)[:160]}"


def _name(path: str) -> str:
    return Path(path).name[:120]
