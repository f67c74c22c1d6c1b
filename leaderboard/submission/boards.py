"""The four boards, and what a model must read and write for each task type."""

from __future__ import annotations

from collections.abc import Collection

from judger.contract.cell import CELLS, Cell
from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.suite.capabilities import OF_TASK_TYPE

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
    task_type: (frozenset({"text", reads}), writes)
    for task_type, (least, *_) in OF_TASK_TYPE.items()
    for reads, _, writes in [least.split("-")]
}


def able(task_type: str, inputs: Collection[str], outputs: Collection[str]) -> bool:
    """Can a model with these modalities do this task type at all?"""
    reads, writes = NEEDS[task_type]
    return reads <= set(inputs) and writes in outputs


def cells_of(board: str) -> list[Cell]:
    """The cells that a board covers."""
    return [cell for cell in CELLS if cell.task_type in BOARDS[board]]
