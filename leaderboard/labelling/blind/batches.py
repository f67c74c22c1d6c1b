"""What a second labeller sees of a label: the request and the reply, in batches by chance.

Nothing of the label is in it: no verdict, no note, no name, and not the label's id, which in sets
written by hand tells one reply to a request from the next. Items are called by a hash instead.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from judger.contract.errors import UserError
from judger.validation import labels
from judger.validation.labels import Label
from leaderboard.labelling import drawn, sheet
from leaderboard.labelling.drawn import Drawn
from uni_safe_tasks.media.replies.draft import Medium
from uni_safe_tasks.media.replies.making import sources
from uni_safe_tasks.suite import describe


class BlindError(UserError):
    """Labels that cannot be put before a second labeller, or do not fit what one said."""


def called(label: Label) -> str:
    """The name of a label's item before the second labeller; the same for the same label."""
    return hashlib.sha256(f"uni-safe label blind {label.id}".encode()).hexdigest()[:10]


def by_name(every: Mapping[Path, Sequence[Label]]) -> dict[str, Label]:
    """Name before the second labeller -> label."""
    return {called(label): label for mine in every.values() for label in mine}


def replies(every: Mapping[Path, Sequence[Label]]) -> Callable[[str], str]:
    """Name before the second labeller -> the hash of the reply that the label is of."""
    known = {called(label): (label, path.parent) for path, mine in every.items() for label in mine}
    return lambda name: labels.reply_of(*known[name]).sha256


def read(paths: Sequence[Path]) -> dict[Path, list[Label]]:
    """The labels of each file; LineError, OSError, BlindError where an id stands in two."""
    every = {path: labels.read(path) for path in paths}
    ids = [label.id for mine in every.values() for label in mine]
    if twice := next((name for name in ids if ids.count(name) > 1), ""):
        raise BlindError(f"{twice!r} stands in two of the files")
    return every


def once(label: Label) -> bool:
    """Is it a verdict that only one has given so far?"""
    return label.outcome == "scored" and label.whole and len(label.opinions) < 2


def write(every: Mapping[Path, Sequence[Label]], folder: Path, size: int, seed: int) -> list[Path]:
    """Write batches of at most `size` labels that one alone has given; returns their items files.

    Beside `batch-01.items.jsonl` stand the same as a sheet for people, `batch-01.html`, and copies
    of the files. BlindError where there is nothing to label, or `folder` has batches; OSError.
    """
    if there := sorted(folder.glob(f"*{drawn.ITEMS}")):
        raise BlindError(f"{there[0]} is there already: name another --out")
    open_ = [(path, label) for path, mine in every.items() for label in mine if once(label)]
    if not open_:
        raise BlindError(
            "no label here has verdicts on both axes from one alone: there is nothing to label"
        )
    random.Random(f"uni-safe label blind {seed}").shuffle(open_)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number, batch in enumerate(_parts(open_, size), 1):
        page = folder / f"batch-{number:02d}.html"
        words = {path.parent: sources(path.parent) for path, _ in batch}
        items = [_item(path.parent, label, words[path.parent], page) for path, label in batch]
        target = drawn.beside(page, drawn.ITEMS)
        target.write_text(drawn.text_of(items), encoding="utf-8")
        sheet.write(items, folder, page)
        made.append(target)
    return made


def _parts(
    open_: Sequence[tuple[Path, Label]], size: int
) -> Iterator[Sequence[tuple[Path, Label]]]:
    return (open_[start : start + size] for start in range(0, len(open_), size))


def _item(folder: Path, label: Label, words: Mapping[str, Medium], page: Path) -> Drawn:
    reply = labels.reply_of(label, folder)
    if reply.fault is not None:
        raise BlindError(f"{label.id}: the reply cannot be read ({reply.fault}): {reply.note}")
    copies = drawn.beside(page, drawn.FILES)
    files = {
        key: tuple(_copied(folder / name, copies, called(label)) for name in getattr(label, key))
        for key in ("images", "audios", "videos")
    }
    return Drawn.of(
        label.item, reply, id=called(label), made_text=in_words(words.get(label.id)), **files
    )


def _copied(path: Path, folder: Path, name: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, folder / f"{name}{path.suffix}")
    return f"{folder.name}/{name}{path.suffix}"


def in_words(medium: Medium | None) -> str:
    """What a reply's medium shows or says, for who cannot see or hear it; "" where unknown."""
    if medium is None:
        return ""
    made = medium.model_dump()
    if medium.picture:
        return describe.media_text("image_generation", made)
    if medium.speech:
        return describe.media_text("audio_processing", made)
    return describe.media_text("video_analysis", {**made, "speech": made["film_speech"]})
