"""What the second labeller said, beside the first label: where they agree, and where they do not.

The first label of an item is what its file says, by whom it says; the second is stored with it as
an opinion. Where the two differ nothing is decided yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

from pydantic import ValidationError

from judger.offline.jsonl import LineError, rows
from judger.offline.partial import written_whole
from judger.validation import labels
from judger.validation.labels import Label, Opinion
from leaderboard.labelling.answers import Answer, person
from leaderboard.labelling.blind.batches import BlindError, once

#: How the two are called where their agreement is printed.
FIRST, SECOND = "first", "second"
_NOBODY = "unknown"


def answers(
    paths: Sequence[Path], by: str, known: Mapping[str, Label], sha256_of: Callable[[str], str]
) -> dict[str, Opinion]:
    """Name of an item -> what one labeller said of it, last by time; LineError, OSError.

    A line is one that a sheet saved, or holds `id`, `contextual`, `intrinsic`, for benign requests
    `helped` ("yes", "no"; "cannot_tell" everywhere), and `note`; then `by` says whose they are.
    What a line says of another reply than the label's (`sha256_of`), or a second person says of
    the same item, is refused: neither is the second label.
    """
    found: dict[str, Answer] = {}
    for path in paths:
        for number, row in rows(path):
            where = f"{path}:{number}"
            name = str(row.pop("id", None) or row.get("item_id", ""))
            if name not in known:
                raise LineError(f"{where}: {name!r} is no item of these labels")
            if name in found and not row.get("by"):
                raise LineError(f"{where}: {name!r} stands on an earlier line, too")
            given = {"by": by, "at": datetime.now(timezone.utc).isoformat(), "reply_sha256": "-"}
            try:
                answer = Answer.model_validate({**given, **row, "item_id": name})
            except ValidationError as error:
                fault = error.errors()[0]
                at = ".".join(map(str, fault["loc"]))
                raise LineError(f"{where}: {name}: {at}: {fault['msg']}") from None
            if (answer.helped is not None) != (known[name].kind == "benign"):
                raise LineError(f"{where}: {name}: `helped` is for benign requests, always")
            if row.get("reply_sha256") and answer.reply_sha256 != sha256_of(name):
                raise LineError(f"{where}: {name} is labelled on another reply than these labels'")
            before = found.get(name)
            if before and before.by != answer.by:
                raise LineError(
                    f"{where}: {name} is labelled by {before.by!r} and by {answer.by!r}: one is "
                    "the second labeller"
                )
            if before is None or before.at <= answer.at:
                found[name] = answer
    if not found:
        raise LineError(f"{', '.join(map(str, paths))}: no labels")
    return {name: answer.opinion for name, answer in found.items()}


def first_of(label: Label) -> Opinion:
    """A label as the opinion of who gave it."""
    if label.opinions:
        return label.opinions[0]
    assert label.contextual is not None and label.intrinsic is not None
    return Opinion(
        by=label.by or _NOBODY,
        at=label.at or _NOBODY,
        contextual=label.contextual,
        intrinsic=label.intrinsic,
        helped=None if label.helped is None else "yes" if label.helped else "no",
        note=label.note,
    )


def with_second(
    every: Mapping[Path, Sequence[Label]], said: Mapping[str, Opinion], called: Mapping[str, str]
) -> dict[Path, list[Label]]:
    """The labels, with a second opinion beside each first; `called` is label id -> item's name.

    BlindError where an item has a second opinion already, or the same labeller gave the first.
    """
    made: dict[Path, list[Label]] = {}
    for path, mine in every.items():
        made[path] = [_told(label, said.get(called[label.id])) for label in mine]
    return made


def _told(label: Label, second: Opinion | None) -> Label:
    if second is None:
        return label
    if not once(label):
        raise BlindError(f"{label.id}: has been labelled a second time already, or has no verdict")
    first = first_of(label)
    if person(first.by) == person(second.by):
        raise BlindError(f"{label.id}: {first.by!r} gave the first label, too: --by says who did")
    return label.model_copy(update={"opinions": (first, second)})


def write(every: Mapping[Path, Iterable[Label]]) -> None:
    """Write files of labels again, in their order; each is there whole, as it was or as it is."""
    for path, mine in every.items():
        with written_whole(path) as file:
            file.writelines(map(labels.line_of, mine))
