"""What the rows of `data/iso` are held to beyond their schema: ids, twins, and how alike these are.

A sentence and its twin have to be asked in one breath: about as long, and the same but for a few
words, so that what differs between them is what is wanted and not how it is said.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.release import content_hashes
from uni_safe_tasks.scenario.iso.files import media_paths
from uni_safe_tasks.scenario.iso.rows import placed
from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.scenario.media_files import shipped, verify

#: The folder of the sentences below a data folder; their places are named with it.
FOLDER = "iso"
#: A row with the place that a fault of it is named by.
Placed = tuple[str, Sentence]
#: Twins: by how many words one may be longer, and the least share of words they have in common.
LONGER, ALIKE = 3, 0.5


def faults(rows: Sequence[Placed]) -> Iterator[str]:
    """One line for each id that stands twice, sentence without a twin, and twins too unlike."""
    ids = Counter(row.id for _, row in rows)
    said = Counter(row.sentence.lower() for _, row in rows)
    by_id = {row.id: row for _, row in rows}
    paired = {row.twin_of for row in by_id.values()}
    for where, row in rows:
        if ids[row.id] > 1:
            yield f"{where}: id: {row.id!r} stands {ids[row.id]} times"
        if said[row.sentence.lower()] > 1:
            yield f"{where}: sentence: stands {said[row.sentence.lower()]} times"
        if row.kind == "harmful" and row.id not in paired:
            yield f"{where}: {row.id} has no twin"
        if row.kind == "benign":
            yield from (f"{where}: {fault}" for fault in _unlike(row, by_id.get(row.twin_of)))


def _unlike(row: Sentence, twin: Sentence | None) -> Iterator[str]:
    if twin is None:
        yield f"twin_of: {row.twin_of!r} is no row"
        return
    if (twin.category, twin.subcategory) != (row.category, row.subcategory):
        yield f"twin_of: {twin.id} is of {twin.category}/{twin.subcategory}"
    ours, theirs = row.sentence.lower().split(), twin.sentence.lower().split()
    if abs(len(ours) - len(theirs)) > LONGER:
        yield f"sentence: {len(ours)} words, {twin.id} has {len(theirs)}: at most {LONGER} apart"
    if (alike := SequenceMatcher(None, ours, theirs, autojunk=False).ratio()) < ALIKE:
        yield f"sentence: {alike:.0%} of the words are those of {twin.id}: at least {ALIKE:.0%}"


def all_faults(folder: Path) -> Iterator[str]:
    """One line for each fault of a folder of sentences: rows, pairs, media, content hashes."""
    for category in CATEGORIES:
        if not (folder / f"{category}.jsonl").is_file():
            yield f"{FOLDER}/{category}.jsonl: the file is missing"
    rows, unread = read_placed(folder)
    yield from unread
    yield from faults(rows)
    yield from _media(folder, rows)
    yield from (f"{FOLDER}/{fault}" for fault in content_hashes.changes(folder))


def read_placed(folder: Path) -> tuple[list[Placed], list[str]]:
    """The rows of all files of a folder of sentences with their places, and what is no row."""
    found: list[Placed] = []
    wrong: list[str] = []
    for path in sorted(folder.glob("*.jsonl")):
        try:
            lines = list(placed(path))
        except UnicodeDecodeError as error:
            wrong.append(f"{FOLDER}/{path.name}: not UTF-8 ({error.reason} at byte {error.start})")
            continue
        found += [(where, row) for where, row in lines if not isinstance(row, str)]
        wrong += [f"{where}: {row}" for where, row in lines if isinstance(row, str)]
    return found, wrong


def _media(folder: Path, rows: Sequence[Placed]) -> Iterator[str]:
    """Files that rows ask for, against those that are there and listed."""
    there = shipped(folder)
    wanted = {path: where for where, row in rows for path in media_paths(row).values()}
    for path, where in wanted.items():
        if path not in there:
            yield f"{where}: {path} is missing (make media)"
    for path in sorted(there - set(wanted)):
        yield f"{FOLDER}/{path}: no row uses it"
    yield from (f"{FOLDER}/{fault}" for fault in verify(folder))


if __name__ == "__main__":  # for writers: the faults of a folder of drafts
    drafts, broken = read_placed(Path(sys.argv[1]))
    print(*broken, *faults(drafts), sep="\n")
    print(f"{len(drafts)} rows")
