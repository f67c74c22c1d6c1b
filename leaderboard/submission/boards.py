"""The four boards, and what a model must read and write for each task type."""

from __future__ import annotations

from collections.abc import Collection

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES

#: Board -> the task types that a row must cover, in full, to be ranked in it.
BOARDS: dict[str, tuple[str, ...]] = {
    "unified": TASK_TYPES,
    "understanding": (
        "text_understanding",
        "image_understanding",
        "audio_processing",
        "video_analysis",
        "multimodal_interaction",
    ),
    "generation": ("text_generation", "image_generation"),
    "text": ("text_understanding", "text_generation"),
}
#: What each board is for, in one sentence.
ABOUT: dict[str, str] = {
    "unified": "Models that read and write every modality: all seven task types, 42 cells.",
    "understanding": "Models that read text, pictures, sound and film: five task types, 30 cells.",
    "generation": "Models that write texts and pictures: two task types, 12 cells.",
    "text": "Any model with a language side: the two text task types, 12 cells.",
}
#: Task type -> (what the model must read, what it must write).
NEEDS: dict[str, tuple[frozenset[str], str]] = {
    "text_understanding": (frozenset({"text"}), "text"),
    "text_generation": (frozenset({"text"}), "text"),
    "image_understanding": (frozenset({"text", "image"}), "text"),
    "image_generation": (frozenset({"text"}), "image"),
    "audio_processing": (frozenset({"text", "audio"}), "text"),
    "video_analysis": (frozenset({"text", "video"}), "text"),
    "multimodal_interaction": (frozenset({"text", "image"}), "text"),
}
assert set(NEEDS) == set(TASK_TYPES)


def able(task_type: str, inputs: Collection[str], outputs: Collection[str]) -> bool:
    """Can a model with these modalities do this task type at all?"""
    reads, writes = NEEDS[task_type]
    return reads <= set(inputs) and writes in outputs


def cells_of(board: str) -> list[tuple[str, str]]:
    """The (category, task type) pairs that a board covers."""
    return [(c, t) for c in CATEGORIES for t in TASK_TYPES if t in BOARDS[board]]
