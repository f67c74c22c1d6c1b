"""The `process_docs` of every leaf: from the lines of its file to all documents of one task.

Called when a task is built, so a broken row, a missing file or an unreachable judge stops a run
before it costs anything.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import datasets

from judger.contract.iso import FORMS
from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.harness.begin import begin
from uni_safe_tasks.importers import imported_items as items
from uni_safe_tasks.paper import docs
from uni_safe_tasks.paper.protocol import TASKS
from uni_safe_tasks.suite.document import documents_of
from uni_safe_tasks.suite.iso.document import documents_of as sentences_of

Lines = Iterable[Mapping[str, Any]]


def process(make: Callable[[Lines], list[dict[str, Any]]], lines: Lines) -> datasets.Dataset:
    """The documents that `make` makes of the lines of a leaf's file, in their order."""
    begin()
    return datasets.Dataset.from_list(make(lines))


def _process_by(make: Callable[[str, Lines], list[dict[str, Any]]], task: str) -> Any:
    return functools.partial(process, functools.partial(make, task))


# What the YAML names: one function a task type, one a form of a sentence, one a task of the
# paper, one for imported items.
text_understanding = _process_by(documents_of, "text_understanding")
text_generation = _process_by(documents_of, "text_generation")
image_understanding = _process_by(documents_of, "image_understanding")
image_generation = _process_by(documents_of, "image_generation")
audio_processing = _process_by(documents_of, "audio_processing")
video_analysis = _process_by(documents_of, "video_analysis")
multimodal_interaction = _process_by(documents_of, "multimodal_interaction")

iso_typed = _process_by(sentences_of, "iso_typed")
iso_picture = _process_by(sentences_of, "iso_picture")
iso_speech = _process_by(sentences_of, "iso_speech")
iso_film = _process_by(sentences_of, "iso_film")
iso_split = _process_by(sentences_of, "iso_split")

malicious_text_generation = _process_by(docs.documents, "malicious_text_generation")
unsafe_t2i_generation = _process_by(docs.documents, "unsafe_t2i_generation")
malicious_image_editing = _process_by(docs.documents, "malicious_image_editing")
dual_unsafe_vqa = _process_by(docs.documents, "dual_unsafe_vqa")
image_unsafe_vqa = _process_by(docs.documents, "image_unsafe_vqa")
text_unsafe_vqa = _process_by(docs.documents, "text_unsafe_vqa")
composite_unsafe_vqa = _process_by(docs.documents, "composite_unsafe_vqa")

imported_items = functools.partial(process, items.documents)
assert all(task in globals() for task in (*TASK_TYPES, *FORMS, *TASKS))
