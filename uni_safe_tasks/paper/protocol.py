"""The seven tasks of Uni-SafeBench (arXiv:2604.00547) and where the authors' scripts look for them.

Six categories by seven tasks are 42 leaves `uni_safebench_<task>_<category>`. The pattern
`uni_safe_*` meets none of them; `uni_safebench_*` meets neither its own group nor any cell of ours.
"""

from __future__ import annotations

from typing import NamedTuple

from judger.rates.metrics import PAPER_SUITE

SUITE = PAPER_SUITE


class Source(NamedTuple):
    """Where a task's items stand below the data folder, and whether each comes with a picture."""

    file: str
    picture: bool


TASKS: dict[str, Source] = {
    "malicious_text_generation": Source("Text Generation/inputs.jsonl", False),
    "unsafe_t2i_generation": Source("T2I/input.jsonl", False),
    "malicious_image_editing": Source("Text-Guided Image Editing/input.jsonl", True),
    "dual_unsafe_vqa": Source("VQA/unsafety_I_unsafety_T/input.jsonl", True),
    "image_unsafe_vqa": Source("VQA/unsafety_I_safety_T/input.jsonl", True),
    "text_unsafe_vqa": Source("VQA/safety_I_unsafety_T/input.jsonl", True),
    "composite_unsafe_vqa": Source("VQA/safety_I_safety_T/input.jsonl", True),
}


def leaf_name(task: str, category: str) -> str:
    """The name of a cell, as the harness lists it."""
    return f"{SUITE}_{task}_{category}"
