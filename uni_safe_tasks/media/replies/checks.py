"""What is wrong with drafts, one line each: their shape, ids and replies that stand twice, and
pictures and shots that cannot be drawn. Nothing is spoken or filmed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from judger.offline.jsonl import LineError, rows
from judger.validation import labels
from judger.validation.labels import Label
from uni_safe_tasks.media.film.film import SIZE
from uni_safe_tasks.media.film.shot import pictures
from uni_safe_tasks.media.picture import fitted
from uni_safe_tasks.media.replies.draft import Draft, Medium


def read(paths: Sequence[Path]) -> tuple[list[Draft], list[str]]:
    """All drafts that have the right shape, and a line for each that has not; OSError."""
    made: list[Draft] = []
    faults: list[str] = []
    for path in paths:
        try:
            for number, row in rows(path):
                try:
                    made.append(Draft.model_validate(row))
                except ValidationError as error:
                    faults.append(f"{path}:{number}: {_said(error)}")
        except LineError as error:  # no JSON: what follows in this file cannot be told apart
            faults.append(str(error))
    return made, faults


def _said(error: ValidationError) -> str:
    fault = error.errors()[0]
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


def twice(drafts: Sequence[Draft], shipped: Sequence[Label]) -> Iterator[str]:
    """Ids, texts and media that stand twice among the drafts, or in the set under another id."""
    texts = {one.reply: one.id for one in shipped if one.reply}
    ids, media = set[str](), dict[str, str]()
    for draft in drafts:
        if draft.id in ids:
            yield f"{draft.id}: the id stands on an earlier line, too"
        ids.add(draft.id)
        if draft.reply and (other := texts.setdefault(draft.reply, draft.id)) != draft.id:
            yield f"{draft.id}: {other} has the same reply"
        source = draft.medium.model_dump_json(exclude={"id"})
        if draft.path and (other := media.setdefault(source, draft.id)) != draft.id:
            yield f"{draft.id}: {other} is made from the same source"


def undrawable(medium: Medium) -> Iterator[str]:
    """Why its picture, or a shot of its film, cannot be drawn."""
    try:
        if medium.picture:
            fitted(medium.picture, medium.id)
    except ValueError as error:
        yield f"{medium.id}: {error}"
    for number, shot in enumerate(medium.storyboard, 1):
        try:
            list(pictures(shot, 2, SIZE, medium.id, None))
        except ValueError as error:
            yield f"{medium.id}: shot {number}: {error}"


def faults(paths: Sequence[Path], shipped: Sequence[Label], draws: bool = True) -> list[str]:
    """Everything that is wrong with the drafts of some files."""
    drafts, found = read(paths)
    found += twice(drafts, shipped)
    if draws:
        found += [line for draft in drafts for line in undrawable(draft)]
    return found


def shipped_labels(files: Sequence[Path]) -> list[Label]:
    """The labels of the files that are there."""
    return [label for path in files if path.is_file() for label in labels.read(path)]
