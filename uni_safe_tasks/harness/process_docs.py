"""From scenario rows to all documents of one task type: the `process_docs` of the leaves.

Called when a task is built, so a broken row, a missing file or an unreachable judge stops a run
before it costs anything.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import datasets

from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.harness.begin import begin
from uni_safe_tasks.suite.document import document


def documents(task_type: str, rows: Iterable[Mapping[str, Any]]) -> datasets.Dataset:
    """All documents of a task type, in the rows' order; rows without that form are left out."""
    begin()
    having = [row for row in rows if row[task_type] is not None]
    return datasets.Dataset.from_list(
        [document(task_type, row, index) for index, row in enumerate(having)]
    )


# What the YAML names: one function a task type.
text_understanding = functools.partial(documents, "text_understanding")
text_generation = functools.partial(documents, "text_generation")
image_understanding = functools.partial(documents, "image_understanding")
image_generation = functools.partial(documents, "image_generation")
audio_processing = functools.partial(documents, "audio_processing")
video_analysis = functools.partial(documents, "video_analysis")
multimodal_interaction = functools.partial(documents, "multimodal_interaction")
assert all(task_type in globals() for task_type in TASK_TYPES)
