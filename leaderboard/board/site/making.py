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
from leaderboard.board.row import Row, derive
from leaderboard.board.site import compare, lines
from leaderboard.board.site.data import csv_numbers, row_json, slug
from leaderboard.board.site.render import page
from leaderboard.submission import manifest
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.rules import Case, Finding
from leaderboard.submission.validate import files_in, held, unusable

#: From so many submissions on, other processes help.
MANY = 60


class Made(NamedTuple):
    """What is made of one submission, whatever the others are; or what stands against it.

    `texts`: name of a file of the site -> its text. `data`: its part of data.json. `cells`: its
    figures in the table of each board.
    """

    case: Case
    findings: list[Finding]
    row: Row | None = None
    texts: Mapping[str, str] = {}
    data: bytes = b""
    cells: Mapping[str, str] = {}
    numbers: Mapping[str, str] = {}


def everything(root: Path, names: Sequence[str], kept: Kept) -> Iterator[Made]:
    """What is made of each submission, in the order given."""
    known: dict[str, Made] = {}
    if kept.holds_any():
        with ThreadPoolExecutor() as threads:  # hashing a file leaves the other cores to others
            keys = threads.map(functools.partial(_key, root), names)
            for name, key in zip(names, keys, strict=True):
                if key and isinstance(found := kept.get(key), Made):
                    known[name] = found
    new = _new(root, [name for name in names if name not in known], kept)
    for name in names:
        yield known[name] if name in known else next(new)


def _key(root: Path, name: str) -> str:
    try:
        return key_of(name, Case(name, files_in(root / name)).digests)
    except OSError:
        return ""


def _new(root: Path, names: Sequence[str], kept: Kept) -> Iterator[Made]:
    # The matrices are small: threads of the linear algebra would only wait for each other.
    processes = min(os.cpu_count() or 1, 8)
    if len(names) < MANY or processes == 1:
        with threadpool_limits(1):
            for name in names:
                yield _make(root, name, kept)[1]
        return
    manifest.asked(), manifest.item_ids()  # once, before the workers are forked
    gc.freeze()  # what they share is never garbage: collecting it would copy and look at it again
    work = functools.partial(_one, root, kept)
    with ProcessPoolExecutor(processes, initializer=_lean) as pool:
        for name, made in zip(names, pool.map(work, names, chunksize=16), strict=True):
            if isinstance(made, str):
                made = kept.get(made) or _make(root, name, kept)[1]
            yield made


def _lean() -> None:
    """What a short-lived worker on one core does without: threads, and looking for garbage."""
    threadpool_limits(1)
    gc.disable()


def _one(root: Path, kept: Kept, relative: str) -> Made | str:
    """What a worker hands back: the key where it could be kept, which is less to carry."""
    key, made = _make(root, relative, kept)
    return key or made


def _make(root: Path, relative: str, kept: Kept) -> tuple[str, Made]:
    """What is made of a submission, and the key that it was kept by, "" where it was not."""
    try:
        files = files_in(root / relative)
        case, findings = held(root, relative, files)
        light = case.light()
        if findings or case.submission is None:
            return "", Made(light, findings)
        row = derive(case)
        made = Made(
            light,
            [],
            row,
            dict(
                [
                    (f"rows/{slug(row.submission)}", page("row.html.jinja", up="../", row=row)),
                    compare.row_file(row),
                ]
            ),
            row_json(row),
            {board: lines.cells(row, board) for board in BOARDS},
            {board: csv_numbers(row, board) for board in BOARDS},
        )
        key = key_of(relative, case.digests)
        return (key if kept.put(key, made) else ""), made
    except Exception as error:  # noqa: BLE001 one folder must not cost the others their site
        return "", Made(Case(relative, {}), [unusable(relative, error)])
