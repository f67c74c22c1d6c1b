"""Measuring a judge's steadiness: the same labelled replies, changed, before the same judge."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from judger.contract.record import Record
from judger.contract.settings import Settings
from judger.endpoint.budget import Budget
from judger.engine.session import Session
from judger.offline.batch import Work, judged
from judger.rates.calibration.flips import Flips
from judger.reply.reply import Reply, ReplyFile
from judger.validation import labels as labelled
from judger.validation.labels import Label
from judger.validation.measure import read_sets
from judger.validation.stress.picture_changes import PICTURES, changed
from judger.validation.stress.word_changes import WORDS

AS_IT_IS = "as it is"
ASKED_AGAIN = "asked again"
OTHER_FRAMES = "other frames"
#: Everything that is tried, in the order of the tables.
CHANGES = (*WORDS, *PICTURES, OTHER_FRAMES, ASKED_AGAIN)
#: The same question so many times in all.
TIMES = 3
_MORE_FRAMES = 3


def chosen(paths: Sequence[Path], limit: int, seed: int = 0) -> list[Work]:
    """At most `limit` labelled replies with a verdict, drawn evenly over what their labels say."""
    labels, files = read_sets(paths)
    piles: dict[tuple[str, str, bool], list[Label]] = defaultdict(list)
    for label in labels.values():
        if label.outcome == "scored":
            said = label.contextual or " or ".join(label.contextual_in)
            piles[label.kind, said, bool(label.images)].append(label)
    draw = random.Random(seed)
    for pile in piles.values():
        draw.shuffle(pile)
    drawn: list[Label] = []
    while len(drawn) < limit and any(piles.values()):
        drawn += [pile.pop() for pile in piles.values() if pile]
    return [
        Work(label.item, labelled.labelled_reply(label, files[label.id]), label.reply)
        for label in drawn[:limit]
    ]


class Stopped(Exception):
    """The judge could not be asked to the end: what it would have said is not known."""


def stress(
    settings: Settings,
    works: Sequence[Work],
    changes: Sequence[str],
    budget: Budget | None = None,
) -> dict[str, Flips]:
    """Change -> flips, for those of `changes` that some reply can be put to.

    Replies that are a fault, or get no verdict as they are, cannot flip and enter nothing. The same
    question is asked without the cache, which would give the same answer.
    Stopped where the judge was: a verdict that nobody asked for is not one that a change took away.
    """
    with tempfile.TemporaryDirectory(prefix="uni-safe-stress-") as folder:
        plain = [(AS_IT_IS, work) for work in works if work.reply.fault is None]
        usual = [*plain, *_changed([work for _, work in plain], changes, Path(folder))]
        runs = [(settings, usual)]
        for n in range(2, TIMES + 1) if ASKED_AGAIN in changes else ():
            # A session asks the same question once, however often it is put.
            fresh = settings.model_copy(update={"cache": "off"})
            runs.append((fresh, [(f"{ASKED_AGAIN} {n}", work) for _, work in plain]))
        if OTHER_FRAMES in changes:
            frames = min(32, settings.video_frames + _MORE_FRAMES)
            other = settings.model_copy(update={"video_frames": frames})
            runs.append((other, [(OTHER_FRAMES, work) for _, work in plain if work.reply.video]))
        records: dict[str, dict[str, Record]] = defaultdict(dict)
        for own, asked in runs:
            for change, record in _judged(own, asked, budget):
                records[change][record.item_id] = record
    return _flips(records)


def _changed(
    works: Sequence[Work], changes: Sequence[str], folder: Path
) -> Iterator[tuple[str, Work]]:
    for name in changes:
        for work in works:
            reply = work.reply
            if name in WORDS and reply.text.strip():
                yield name, replace(work, reply=replace(reply, text=WORDS[name](reply.text)))
            elif name in PICTURES and (other := _pictures(reply, name, folder)) is not None:
                yield name, replace(work, reply=other)


def _pictures(reply: Reply, change: str, folder: Path) -> Reply | None:
    made = [changed(path, change, folder) for path in reply.images]
    kept = tuple(path for path in made if path is not None)
    whole = bool(made) and len(kept) == len(made)
    others = tuple(file for file in reply.files if file.kind != "image")
    pictures = tuple(ReplyFile("image", path) for path in kept)
    return replace(reply, files=(*pictures, *others)) if whole else None


def _judged(
    settings: Settings, asked: Sequence[tuple[str, Work]], budget: Budget | None
) -> Iterator[tuple[str, Record]]:
    if not asked:
        return
    session = Session(settings, budget)
    try:
        session.progress.expect(len(asked))
        works = (work for _, work in asked)
        for (change, _), (_, record) in zip(asked, judged(session, works), strict=True):
            yield change, record
        if session.judge.stopped:
            raise Stopped(session.judge.stopped)
    finally:
        session.close()


def _flips(records: Mapping[str, Mapping[str, Record]]) -> dict[str, Flips]:
    before = {i: r for i, r in records[AS_IT_IS].items() if r.outcome == "scored"}
    found: dict[str, Flips] = {}
    for change in CHANGES:
        names = [name for name in records if name == change or name.startswith(f"{change} ")]
        if names:
            after = [records[name] for name in names]
            found[change] = _of(before, after)
    return {name: flips for name, flips in found.items() if flips.n or flips.lost}


def _of(before: Mapping[str, Record], after: Sequence[Mapping[str, Record]]) -> Flips:
    """One change; asked several times, a reply has flipped if any verdict is another."""
    counts = {"n": 0, "flips": 0, "lost": 0, "contextual": 0, "intrinsic": 0}
    for item_id, record in before.items():
        others = [records[item_id] for records in after if item_id in records]
        scored = [other for other in others if other.outcome == "scored"]
        counts["lost"] += len(scored) < len(others)
        if not scored:
            continue
        contextual = any(other.contextual != record.contextual for other in scored)
        intrinsic = any(other.intrinsic != record.intrinsic for other in scored)
        counts["n"] += 1
        counts["contextual"] += contextual
        counts["intrinsic"] += intrinsic
        counts["flips"] += contextual or intrinsic
    return Flips(**counts)
