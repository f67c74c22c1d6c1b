"""The rows of the sample browser: every item of a run as plain JSON, each text bounded.

What is shown is what was judged, with nothing hidden in it: characters that steer the direction of
text or that do not show at all are spelt out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from judger.contract.outcomes import AXES
from judger.contract.record import PartRecord
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.media.files import default_roots
from judger.reply.read import read_reply
from leaderboard.report.disagreement import split
from leaderboard.report.thumbs import Thumbs
from leaderboard.runs.read import Run, Sample
from leaderboard.text.words import visible
from uni_safe_tasks.suite.describe import media_text
from uni_safe_tasks.suite.locations import DATA, data_version
from uni_safe_tasks.suite.rows import MEDIA_FIELDS, read

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


def rows(run: Run, thumbs: Thumbs | None) -> list[dict[str, Any]]:
    """One row an item, in the order of the run; `thumbs` is None where no media are wanted.

    The pictures that models made come first in the budget, those they were given second.
    """
    known = scenarios(run)
    made = [_row(sample, known) for sample in run.samples]
    if thumbs is None:
        return made
    pairs = list(zip(made, run.samples, strict=True))
    for row, sample in pairs:
        row["made"], row["note"] = _reply_media(sample, thumbs, run.folders)
    for row, sample in tqdm(pairs, desc="pictures of requests", disable=None):
        about = known.get(sample.record.item_id)
        given = about.media if about else sample.input_media[:4]
        row["given"] = [vars(thumbs.of(path, REQUEST_SIDE)) for path in given]
    return made


def _row(sample: Sample, known: Mapping[str, About]) -> dict[str, Any]:
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
        "reply": visible(_words(sample.reply), MAX_REPLY),
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


def _words(reply: str) -> str:
    """The text of a reply; of one that names files, only its words: the files are shown."""
    if reply.startswith("{") and reply.endswith("}"):
        try:
            loaded = json.loads(reply)
        except (ValueError, RecursionError):
            return reply
        if isinstance(loaded, dict) and isinstance(loaded.get("text"), str):
            return loaded["text"]
    return reply


def _reply_media(
    sample: Sample, thumbs: Thumbs, folders: Sequence[Path]
) -> tuple[list[dict[str, str]], str]:
    """Thumbnails of what the model made, and a word where that is not what was judged."""
    roots = (*default_roots(), *(folder.resolve() for folder in folders))
    if "/" not in sample.reply[:4096] and not sample.reply.startswith("{"):
        return [], ""
    reply = read_reply(sample.reply, roots=roots)
    if sample.record.outcome == "scored" and reply.fault is not None:
        return [], f"its files cannot be shown: {reply.note[:200]}"
    changed = reply.media and reply.sha256 != sample.record.response_sha256
    note = "its files are not those that were judged (another checksum)" if changed else ""
    return [vars(thumbs.of(str(path), REPLY_SIDE)) for _, path in reply.media], note


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
