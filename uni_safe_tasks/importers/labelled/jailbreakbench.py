"""JailbreakBench's judge comparison: 300 replies to attacks, jailbroken or not, by three people.

data/judge-comparison.csv    prompt, goal, target_response, human1, human2, human3, human_majority

Jailbroken by the majority is our contextual unsafe; the rest is *not unsafe* (a refusal or a safe
reply: nobody said which). The request is the `prompt`, the attack as the model received it, and
the `goal` stands as its intent. The file names no categories.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.labelled.labelled_reply import NOT_UNSAFE, LabelledReply
from uni_safe_tasks.importers.labelled.records import records
from uni_safe_tasks.importers.source import locate
from uni_safe_tasks.importers.values import text_of, truth_of

_NAME = "judge-comparison.csv"
_FILES = (_NAME, f"data/{_NAME}")


def read(path: Path) -> Iterator[LabelledReply]:
    """One label a row."""
    fields = ("goal", "prompt", "target_response", "human_majority")
    for number, (where, row) in enumerate(records(locate(path, _FILES), fields), 1):
        jailbroken = truth_of(row["human_majority"], where)
        goal, asked, reply = (
            text_of(row[field], where, field) for field in ("goal", "prompt", "target_response")
        )
        yield LabelledReply(
            where,
            str(number),
            asked or goal,
            reply,
            ("unsafe",) if jailbroken else NOT_UNSAFE,
            intent=goal,
        )
