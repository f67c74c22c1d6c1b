"""What a site holds of each submission, made by all cores, or taken from what was kept."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from leaderboard.board.kept import Kept, key_of
from leaderboard.board.made import Made, keep, recalled
from leaderboard.board.row import derive
from leaderboard.board.seen import Seen, Signature, settled, signature
from leaderboard.board.site import compare, lines
from leaderboard.board.site.data import csv_numbers, row_json, slug
from leaderboard.board.site.render import page
from leaderboard.board.suite_items import at_hand
from leaderboard.submission import manifest
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.rules import Case
from leaderboard.submission.validate import files_in, held, listed, unusable

#: From so many submissions on, other processes help.
MANY = 60


class Fresh(NamedTuple):
    """What was made just now. `texts`: file of the site -> its text; {} where it was kept.
    `said`: the files that it was made of, () where a later change of them might not show."""

    made: Made
    texts: Mapping[str, str]
    said: Signature


class Making:
    """What a site holds of each submission, and what stands in its files."""

    def __init__(self, root: Path, kept: Kept) -> None:
        self.root, self.kept, self.seen = root, kept, Seen(kept)
        self._texts: dict[str, Mapping[str, str]] = {}

    def everything(self, names: Sequence[str]) -> Iterator[Made]:
        """What is made of each submission, in the order given."""
        known: dict[str, Made] = {}
        if self.kept.holds_any():
            for name, key in self._keys(names).items():
                if key and (found := recalled(self.kept, key)) is not None:
                    known[name] = found
        fresh = _fresh(self.root, [name for name in names if name not in known], self.kept)
        for name in names:
            yield known[name] if name in known else self._take(name, next(fresh))

    def texts(self, made: Made) -> Mapping[str, str]:
        """The text of each of a submission's own files."""
        name = made.case.relative
        if name not in self._texts and made.files:
            found = self.kept.get(_texts_key(made.key)) if made.key else None
            # Where it was kept and is damaged or gone, it is made again.
            return found if isinstance(found, dict) else _make(self.root, name, None).texts
        return self._texts.get(name, {})

    def _take(self, name: str, fresh: Fresh) -> Made:
        if fresh.texts:
            self._texts[name] = fresh.texts
        if fresh.said and fresh.made.key:
            self.seen.note(name, fresh.said, fresh.made.key)
        return fresh.made

    def _keys(self, names: Sequence[str]) -> dict[str, str]:
        """Submission -> the key of what was kept of it, "" where it cannot be read."""
        keys: dict[str, str] = {}
        unsure: dict[str, Signature] = {}
        for name in names:
            try:
                said = signature(listed(self.root / name))
            except OSError:
                said = ()
            keys[name] = self.seen.get(name, said)
            if not keys[name]:
                unsure[name] = said
        with ThreadPoolExecutor() as threads:  # hashing a file leaves the other cores to others
            hashed = threads.map(functools.partial(_key, self.root), unsure)
            for (name, said), key in zip(unsure.items(), hashed, strict=True):
                keys[name] = key
                if key and settled(said):
                    self.seen.note(name, said, key)
        return keys


def _key(root: Path, name: str) -> str:
    try:
        return key_of(name, Case(name, files_in(root / name)).digests)
    except OSError:
        return ""


def _texts_key(key: str) -> str:
    return f"{key}.texts"


def _fresh(root: Path, names: Sequence[str], kept: Kept) -> Iterator[Fresh]:
    if names:
        at_hand(kept)
    processes = min(os.cpu_count() or 1, 8)
    if len(names) < MANY or processes == 1:
        for name in names:
            yield _make(root, name, kept)
        return
    # What all of them need (items, templates, a layout) is made once, before workers are forked.
    manifest.asked(), manifest.item_ids()
    yield _make(root, names[0], kept)
    names = names[1:]
    gc.freeze()  # what they share is never garbage: collecting it would copy and look at it again
    work = functools.partial(_one, root, kept)
    with ProcessPoolExecutor(processes, initializer=_lean) as pool:
        for name, (key, said, made) in zip(names, pool.map(work, names, chunksize=16), strict=True):
            if made is None and (found := recalled(kept, key)) is not None:
                made = Fresh(found, {}, said)
            yield made or _make(root, name, kept)


def _lean() -> None:
    """What a short-lived worker on one core does without: threads, and looking for garbage."""
    threadpool_limits(1)
    gc.disable()


def _one(root: Path, kept: Kept, relative: str) -> tuple[str, Signature, Fresh | None]:
    """What a worker hands back: the key where it could be kept, which is less to carry."""
    fresh = _make(root, relative, kept)
    return fresh.made.key, fresh.said, None if fresh.made.key else fresh


def _make(root: Path, relative: str, kept: Kept | None) -> Fresh:
    """What is made of a submission; it is kept where there is something to keep."""
    try:
        lying = listed(root / relative)
        said = signature(lying)
        sure = said if settled(said) else ()
        files = files_in(root / relative, lying)
        case, findings = held(root, relative, files)
        light = case.light()
        if findings or case.submission is None:
            return Fresh(Made(light, findings), {}, sure)
        row = derive(case)
        texts = dict(
            [
                (f"rows/{slug(row.submission)}", page("row.html.jinja", up="../", row=row)),
                compare.row_file(row),
            ]
        )
        made = Made(
            light,
            [],
            key_of(relative, case.digests),
            row,
            tuple(texts),
            row_json(row),
            {board: lines.cells(row, board) for board in BOARDS},
            {board: csv_numbers(row, board) for board in BOARDS},
        )
        if kept and kept.put(_texts_key(made.key), texts) and keep(kept, made):
            return Fresh(made, {}, sure)
        return Fresh(made._replace(key=""), texts, sure)
    except Exception as error:  # noqa: BLE001 one folder must not cost the others their site
        return Fresh(Made(Case(relative, {}), [unusable(relative, error)]), {}, ())
