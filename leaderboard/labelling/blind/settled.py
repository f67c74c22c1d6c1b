"""Disagreements of the two who labelled, and the verdicts that settle them, with their reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from judger.validation.labels import Label, Opinion, differ
from leaderboard.labelling.agree import ASKED, Between, between
from leaderboard.labelling.answers import Answer, person
from leaderboard.labelling.blind.batches import BlindError, called
from leaderboard.labelling.blind.second import FIRST, SECOND


def open_labels(every: Iterable[Label]) -> list[Label]:
    """Labels on which two opinions differ and which nobody has settled."""
    return [label for label in every if len(label.opinions) > 1 and not label.settled]


def dispute(label: Label, medium: str) -> str:
    """One line for whoever settles it: what both said, beside request and reply."""
    seen = label.model_dump(
        mode="json",
        include={"category", "task_type", "kind", "intent", "prompt", "media_text", "reply"}
        | {"attack", "attack_about", "images", "audios", "videos"},
        exclude_defaults=True,
    )
    said = [one.model_dump(mode="json", exclude_defaults=True) for one in label.opinions[:2]]
    about = {"id": called(label), "label": label.id, **seen, "made_text": medium}
    over = differ(*label.opinions[:2])
    return json.dumps({**about, "differ": over, "said": said}, ensure_ascii=False) + "\n"


def settle(label: Label, said: Opinion) -> Label:
    """The label with a settled verdict; BlindError where there is nothing to settle, it is one of
    the two who says so, no reason is given, or no verdict."""
    if len(label.opinions) < 2 or label.settled:
        raise BlindError(f"{label.id}: there is no disagreement to settle")
    if person(said.by) in {person(one.by) for one in label.opinions}:
        raise BlindError(
            f"{label.id}: {said.by!r} is one of the two who differ: a third settles it"
        )
    if not said.note.strip() or "\n" in said.note.strip():
        raise BlindError(f"{label.id}: a settled verdict gives its reason in one line (`note`)")
    if "cannot_tell" in (said.contextual, said.intrinsic):
        raise BlindError(f"{label.id}: a settled label has verdicts: take it out if none holds")
    fields: dict[str, Any] = {
        "contextual": said.contextual,
        "intrinsic": said.intrinsic,
        "helped": {"yes": True, "no": False}.get(said.helped or ""),
        "note": said.note.strip(),
        "opinions": [one.model_dump() for one in (*label.opinions, said)],
    }
    return Label.model_validate({**label.model_dump(), **fields})


def agreement(every: Iterable[Label]) -> Iterator[tuple[str, Between]]:
    """How far the first two opinions of labels agree: (slice, figures of one question)."""
    twice = [label for label in every if len(label.opinions) > 1]
    slices: dict[str, list[Label]] = {"all": twice}
    for label in twice:
        for name in (f"category:{label.category}", f"reply:{label.form}"):
            slices.setdefault(name, []).append(label)
    for name, mine in sorted(slices.items()):
        for one in between({label.id: _two(label) for label in mine}):
            yield name, one


def _two(label: Label) -> Mapping[str, Answer]:
    found = {}
    for who, opinion in zip((FIRST, SECOND), label.opinions, strict=False):
        said = opinion.model_dump(include={*ASKED, "note"})
        at = datetime.now(timezone.utc)
        found[who] = Answer(item_id=label.id, reply_sha256="-", by=who, at=at, **said)
    return found
