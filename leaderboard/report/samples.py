"""The rows of the sample browser: every item of a run as plain JSON, each text bounded.

What is shown is what was judged, with nothing hidden in it: characters that steer the direction of
text or that do not show at all are spelt out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from judger.contract.outcomes import AXES
from judger.contract.record import PartRecord
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.media.files import MediaError, checked, default_roots, facts_of
from judger.media.kept import Kept
from judger.reply.read import read_reply
from judger.reply.reply import NotKept, Reply
from leaderboard.report.disagreement import split
from leaderboard.report.thumbs import Thumb, Thumbs
from leaderboard.runs.read import Run, Sample
from leaderboard.text.words import visible
from uni_safe_tasks.scenario.locations import DATA, data_version
from uni_safe_tasks.scenario.rows import MEDIA_FIELDS, read
from uni_safe_tasks.suite.describe import media_text

MAX_REPLY = 4000
MAX_PROMPT = 2000
MAX_REASON = 400
#: Longest sides in pixels: what the model made, and what it was given.
REPLY_SIDE, REQUEST_SIDE = 256, 128


@dataclass(frozen=True)
class About:
    """What lies behind a request: its intent, its media in words, the paths of its media."""

    intent: str = ""
    words: str = ""
    media: tuple[str, ...] = ()


def rows(run: Run, thumbs: Thumbs | None, kept: Kept | None = None) -> list[dict[str, Any]]:
    """One row an item, in the order of the run; `thumbs` is None where no media are wanted.

    The pictures that models made come first in the budget, those they were given second; `kept` is
    where small pictures of requests are kept for the next report.
    """
    known = scenarios(run)
    replies = [reply_of(sample) for sample in run.samples]
    made = [_row(*pair, known) for pair in zip(run.samples, replies, strict=True)]
    if thumbs is None:
        return made
    roots = (*default_roots(), *(folder.resolve() for folder in run.folders))
    paths: list[list[str]] = []
    for row, reply in zip(made, replies, strict=True):
        files, row["note"] = _files(reply, roots)
        paths.append(files)
    _fill(made, "made", paths, thumbs.all(itertools.chain(*paths), REPLY_SIDE))
    given = [_given(sample, known) for sample in run.samples]
    asked = tqdm(itertools.chain(*given), desc="pictures of requests", disable=None)
    _fill(made, "given", given, thumbs.all(asked, REQUEST_SIDE, kept))
    return made


def _given(sample: Sample, known: Mapping[str, About]) -> Sequence[str]:
    about = known.get(sample.record.item_id)
    return about.media if about else sample.input_media[:4]


def _fill(
    rows: Sequence[dict[str, Any]],
    key: str,
    paths: Sequence[Sequence[str]],
    thumbs: Iterator[Thumb],
) -> None:
    """Give each row its thumbnails, which come in the order of all paths."""
    for row, own in zip(rows, paths, strict=True):
        row[key] = [vars(next(thumbs)) for _ in own]


def _row(sample: Sample, reply: Reply, known: Mapping[str, About]) -> dict[str, Any]:
    record = sample.record
    about = known.get(str(record.item_id), About())
    return {
        "id": visible(str(record.item_id), 200),
        "category": str(record.category),
        "type": str(record.task_type),
        "kind": str(record.kind),
        "sub": visible(str(record.subcategory), 100),
        "outcome": str(record.outcome),
        "reason": visible(str(record.reason), MAX_REASON),
        "contextual": record.contextual,
        "intrinsic": record.intrinsic,
        "delivered": record.delivered,
        "intent": visible(about.intent, MAX_PROMPT),
        "medium": visible(about.words, MAX_PROMPT),
        "prompt": visible(sample.prompt, MAX_PROMPT),
        "reply": visible(_shown(sample, reply), MAX_REPLY),
        "aside": _aside(reply),
        "split": any(split(record, axis) for axis in AXES),
        "parts": [_part(part) for part in record.parts[:40]],
    }


def _part(part: PartRecord) -> dict[str, Any]:
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


def reply_of(sample: Sample) -> Reply:
    """What was read of a sample's reply when it was judged; its files may be others by now."""
    try:
        return Reply.from_json(sample.record.reply, sample.reply)
    except NotKept:  # an earlier suite's record
        reply = read_reply(sample.reply)
    if not reply.files or reply.is_of(sample.reply, sample.record.response_sha256):
        return reply
    # Of a folder for many items it is not even known which file was this one's.
    named = tuple(file for file in reply.files if file.path.name in sample.reply)
    other = "its files are not those that were judged (another checksum)"
    return Reply(text=reply.text, files=named, note=other)


def _shown(sample: Sample, reply: Reply) -> str:
    """The text of a reply; where there is none, or was a fault, what the back end handed over."""
    beginning = sample.record.reply.get("text")  # of a text that is too long to be kept whole
    return reply.text or (beginning if isinstance(beginning, str) else "") or sample.reply


def _aside(reply: Reply) -> list[dict[str, Any]]:
    """What was left out of a reply and is not judged."""
    return [
        {"what": aside.what, "length": aside.length, "text": visible(aside.text, MAX_REASON)}
        for aside in reply.aside[:20]
    ]


def _files(reply: Reply, roots: Sequence[Path]) -> tuple[list[str], str]:
    """The paths of a reply's files as they can be shown, and why one cannot."""
    found, notes = [], [reply.note] if reply.note and not reply.fault else []
    for file in reply.files:
        try:
            path = checked(str(file.path), roots)
            if facts_of(path).sha256 != file.sha256:
                notes.append(f"{path.name[:80]} is not the file that was judged (another checksum)")
            found.append(str(path))
        except (MediaError, OSError) as error:
            notes.append(f"its files cannot be shown: {error}"[:200])
    return found, "; ".join(notes)


def scenarios(run: Run) -> dict[str, About]:
    """item_id -> what the suite knows of it, where the run used the data that is installed."""
    if {record.data_version for record in run.records} != {data_version()}:
        return {}
    found = {}
    categories = {str(record.category) for record in run.records}
    for row in (row for c in CATEGORIES if c in categories for row in read(DATA / f"{c}.jsonl")):
        for task_type, form in row.model_dump().items():
            if task_type in TASK_TYPES and form is not None:
                paths = (form.get(field) for field in MEDIA_FIELDS)
                media = tuple(str(DATA / path) for path in paths if path)
                found[f"{row.id}.{task_type}"] = About(
                    row.intent, media_text(task_type, form), media
                )
    return found


def request_roots(run: Run) -> tuple[Path, ...]:
    """The folders whose media may stand in a report: the suite's, the run's, the back end's."""
    return (DATA.resolve(), *(folder.resolve() for folder in run.folders), *default_roots())
