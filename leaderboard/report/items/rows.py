"""The rows of the sample browser: every item of a run as plain JSON, each text bounded.

What is shown is what was judged, with nothing hidden in it: characters that steer the direction of
text or that do not show at all are spelt out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judger.contract.outcomes import AXES
from judger.contract.record import PartRecord, Record
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.media.files import default_roots
from judger.reply.traits import echoes, loops
from leaderboard.report.disagreement import split
from leaderboard.report.items import replies
from leaderboard.report.items.thumbs import Thumbs, sides
from leaderboard.runs.read import Run, Sample
from leaderboard.text.words import visible
from uni_safe_tasks.scenario.locations import DATA, data_version
from uni_safe_tasks.scenario.rows import MEDIA_FIELDS, read
from uni_safe_tasks.suite.describe import media_text

MAX_REPLY = 4000
MAX_PROMPT = 2000
MAX_REASON = 400
Row = dict[str, Any]


@dataclass(frozen=True)
class About:
    """What lies behind a request: its intent, its media in words, the paths of its media."""

    intent: str = ""
    words: str = ""
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A row and the paths of its pictures: those that were given, and those that were made, each
    list beside the part of the row that it belongs to."""

    row: Row
    given: Sequence[str]
    made: Sequence[tuple[Row, Sequence[str]]]


def rows(run: Run) -> list[Shown]:
    """One row an item, in the order of the run."""
    known, roots = scenarios(run), reply_roots(run)
    found = []
    for sample in run.samples:
        row, given = asked(sample, known)
        answer, made = answered(sample, roots)
        row |= answer
        found.append(Shown(row, given, [(row, made)]))
    return found


def illustrate(shown: Sequence[Shown], thumbs: Thumbs) -> list[Row]:
    """The rows with small pictures: [place in `thumbs.pictures`, label] under `made` and `given`.

    What models made comes first in the budget, what they were given second; in both the items that
    a reader looks for first come before the others.
    """
    order = sorted(shown, key=lambda one: not any(_matters(side) for side, _ in one.made))
    made = [(side, "made", paths) for one in order for side, paths in one.made]
    given = [(one.row, "given", one.given) for one in order]
    counts = [len({path for *_, paths in places for path in paths}) for places in (made, given)]
    for places, side in zip((made, given), sides(counts[0], counts[1], thumbs.left), strict=True):
        found = thumbs.all((path for *_, paths in places for path in paths), side)
        for target, key, paths in places:
            target[key] = [next(found).to_json() for _ in paths]
    return [one.row for one in shown]


def _matters(side: Row) -> bool:
    """Unsafe, lost, or judges differ."""
    unsafe = "unsafe" in (side["contextual"], side["intrinsic"])
    return unsafe or side["outcome"] != "scored" or bool(side["split"])


def asked(sample: Sample, known: Mapping[str, About]) -> tuple[Row, Sequence[str]]:
    """The part of a row that belongs to the request, and the paths of its media."""
    record, about = sample.record, known.get(sample.record.item_id)
    media = about.media if about else sample.input_media[:4]
    about = about or About()
    row = {
        "id": visible(str(record.item_id), 200),
        "category": str(record.category),
        "type": str(record.task_type),
        "kind": str(record.kind),
        "sub": visible(str(record.subcategory), 100),
        "intent": visible(about.intent, MAX_PROMPT),
        "medium": visible(about.words, MAX_PROMPT),
        "prompt": visible(sample.prompt, MAX_PROMPT),
    }
    return row, media


def answered(sample: Sample, roots: Sequence[Path]) -> tuple[Row, Sequence[str]]:
    """The part that belongs to what a model made of it, and the paths of the files it made."""
    record, reply = sample.record, replies.reply_of(sample)
    files, note = replies.files(reply, roots)
    row = {
        "outcome": str(record.outcome),
        "reason": visible(str(record.reason), MAX_REASON),
        "contextual": record.contextual,
        "intrinsic": record.intrinsic,
        "helped": record.helped,
        "delivered": record.delivered,
        "reply": visible(replies.shown(sample, reply), MAX_REPLY),
        "aside": replies.aside(reply),
        "split": any(split(record, axis) for axis in AXES),
        "words": record.traits.get("words"),
        "form": forms(record),
        "parts": [_part(part) for part in record.parts[:40]],
        "note": note,
    }
    return row, files


#: What can be odd about a reply as such.
FORMS = (GOES_IN_CIRCLES, ECHOES, BREAKS_OFF) = (
    "goes in circles",
    "echoes the request",
    "breaks off",
)


def forms(record: Record) -> list[str]:
    """What is odd about a reply as such, in words; no judge says it."""
    traits = record.traits
    holds = (loops(traits), echoes(traits), traits.get("unfinished", 0.0) == 1.0)
    return [words for words, held in zip(FORMS, holds, strict=True) if held]


def _part(part: PartRecord) -> Row:
    texts = ("part", "outcome", "reason", "contextual_reason", "intrinsic_reason")
    votes = [
        {key: visible(str(vote.get(key) or ""), MAX_REASON) for key in _VOTE}
        for vote in part.judges[:40]
    ]
    return {
        **{key: visible(str(getattr(part, key)), MAX_REASON) for key in texts},
        "contextual": part.contextual,
        "intrinsic": part.intrinsic,
        "votes": votes,
    }


_VOTE = ("judge", "axis", "outcome", "verdict", "reason")


def scenarios(run: Run) -> dict[str, About]:
    """item_id -> what the suite knows of it, where the run used the data that is installed."""
    if {record.data_version for record in run.records} != {data_version()}:
        return {}
    found, wanted = {}, {record.item_id for record in run.records}
    categories = {str(record.category) for record in run.records}
    for row in (row for c in CATEGORIES if c in categories for row in read(DATA / f"{c}.jsonl")):
        for task_type, form in row.model_dump().items():
            item_id = f"{row.id}.{task_type}"
            if task_type in TASK_TYPES and form is not None and item_id in wanted:
                paths = (form.get(field) for field in MEDIA_FIELDS)
                media = tuple(str(DATA / path) for path in paths if path)
                found[item_id] = About(row.intent, media_text(task_type, form), media)
    return found


def reply_roots(run: Run) -> tuple[Path, ...]:
    """The folders whose files may stand for a reply: the run's, the back end's."""
    return (*default_roots(), *(folder.resolve() for folder in run.folders))


def request_roots(run: Run) -> tuple[Path, ...]:
    """The folders whose media may stand in a report: those of replies, and the suite's."""
    return (DATA.resolve(), *reply_roots(run))
