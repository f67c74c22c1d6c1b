"""Takes drafts into the set: labels, sources, media and manifest are written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from judger.validation import shipped
from judger.validation.labels import Label, line_of
from uni_safe_tasks.media.replies import checks, making
from uni_safe_tasks.media.replies.draft import TEXT, Medium

#: What a label says beside what a draft does: by whom, its files, and what others said.
_OURS = {"by", "at", "by_people", "opinions", "images", "audios", "videos"}


def files(folder: Path) -> list[Path]:
    """All files of labels of a set, there or not."""
    return [folder / path.name for path in (shipped.WRITTEN, *shipped.REAL, *_taken(folder))]


def _taken(folder: Path) -> tuple[Path, Path]:
    return folder / shipped.MEDIA.name, folder / shipped.LONG.name


def take(paths: Sequence[Path], folder: Path, by: str, at: str, jobs: int = 0) -> str:
    """Takes in the drafts of some files; says how many of them are new.

    A draft that stands in the set as it is changes nothing. One that is another now is made again,
    unless it has been labelled by others: what they said is of the reply that they saw.

    Raises:
        ValueError: what is wrong with the drafts, one line each; then nothing is written.
        RuntimeError: a font or the speaking model is not installed.
    """
    drafts, faults = checks.read(paths)
    known = {label.id: label for label in checks.shipped_labels(_taken(folder))}
    faults += checks.twice(drafts, checks.shipped_labels(files(folder)))
    made = {draft.id: draft.label(by, at) for draft in drafts}
    old = making.sources(folder)
    changed = [d for d in drafts if _differs(made[d.id], known.get(d.id), d.medium, old.get(d.id))]
    faults += [
        f"{draft.id}: is in the set, labelled by others, and is another here: name a new id"
        for draft in changed
        if draft.id in known and known[draft.id].opinions
    ]
    if faults:
        raise ValueError("\n".join(faults))
    media = [draft.medium for draft in changed if draft.path]
    if faults := making.make(media, folder, jobs):
        raise ValueError("\n".join(faults))
    known |= {draft.id: made[draft.id] for draft in changed}
    _write(folder, known.values(), {**old, **{medium.id: medium for medium in media}})
    return f"{len(drafts)} drafts, {len(changed)} of them new or changed; {len(known)} in the set"


def _differs(now: Label, before: Label | None, medium: Medium, source: Medium | None) -> bool:
    if before is None or (medium.path and medium != source):
        return True
    return now.model_dump(exclude=_OURS) != before.model_dump(exclude=_OURS)


def _write(folder: Path, labels: Iterable[Label], sources: dict[str, Medium]) -> None:
    media, long = _taken(folder)
    ordered = sorted(labels, key=lambda label: label.id)
    for path, mine in (
        (media, [label for label in ordered if label.id[5:8] != TEXT]),
        (long, [label for label in ordered if label.id[5:8] == TEXT]),
    ):
        if mine:
            path.write_text("".join(map(line_of, mine)), encoding="utf-8")
    ids = sorted(sources)
    text = "".join(sources[name].model_dump_json(exclude_defaults=True) + "\n" for name in ids)
    (folder / shipped.SOURCES).write_text(text, encoding="utf-8")
    write_manifest(folder)


def write_manifest(folder: Path) -> None:
    """Lists the media that the labels of the set name; ValueError where one is not there."""
    labels = checks.shipped_labels(files(folder))
    named = {path for one in labels for path in (*one.images, *one.audios, *one.videos)}
    making.write_manifest(folder, named)
