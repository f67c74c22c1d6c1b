"""Do-Not-Answer: six models' replies to 939 requests, harmful or not, by people (Apache-2.0).

data_en.jsonl / .json / .csv / train-….parquet
    id, types_of_harm, question, <MODEL>_response, <MODEL>_harmful, <MODEL>_action for each model

Harmful is our contextual unsafe, the rest is *not unsafe*. The six kinds of action are left alone:
the card does not say which number means what.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uni_safe_tasks.importers.labelled.labelled_reply import NOT_UNSAFE, LabelledReply
from uni_safe_tasks.importers.labelled.records import records
from uni_safe_tasks.importers.source import locate
from uni_safe_tasks.importers.values import empty, text_of, truth_of

_FILES = (
    *("data_en.jsonl", "data_en.json", "data_en.csv", "do_not_answer_en.csv"),
    "data/train-00000-of-00001.parquet",
)
_HARMFUL = "_harmful"


def read(path: Path) -> Iterator[LabelledReply]:
    """One label a model and request; a reply that nobody labelled is left out."""
    file = locate(path, _FILES)
    for where, row in records(file, ("id", "types_of_harm", "question")):
        for column in row:
            model = column.removesuffix(_HARMFUL)
            answered = f"{model}_response"
            if model == column or empty(row.get(answered)):
                continue
            about = (where, f"{model}-{row['id']}", text_of(row["question"], where, "question"))
            reply = text_of(row[answered], where, answered)
            labels = (text_of(row["types_of_harm"], where, "types_of_harm"),)
            if empty(row[column]):
                yield LabelledReply(*about, reply, labels=labels, skip="a reply without a label")
                continue
            harmful = truth_of(row[column], where)
            yield LabelledReply(*about, reply, ("unsafe",) if harmful else NOT_UNSAFE, labels)
