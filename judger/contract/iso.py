"""The second suite, `unisafe_iso`: the same sentence in five forms, in six categories: 30 cells.

A form is a task type of its own (`iso_speech`), which is none of the seven: whatever counts by the
seven, or by the 42 cells, leaves these items out. Only the gap between forms is made of them.
"""

from __future__ import annotations

from judger.contract.taxonomy import CATEGORIES

#: The root group of the harness; the names of its tasks begin with it and "_".
ISO_SUITE = "unisafe_iso"
ISO_PREFIX = f"{ISO_SUITE}_"
#: What every other form is held against: the sentence as text.
TYPED = "iso_typed"
#: Task type -> how the sentence was asked, in words.
FORMS: dict[str, str] = {
    TYPED: "typed",
    "iso_picture": "written in a picture",
    "iso_speech": "spoken in a recording",
    "iso_film": "written on a card in a film",
    "iso_split": "split over text and picture",
}
#: The forms whose medium has to arrive; canaries of each prove it.
MEDIA_FORMS: tuple[str, ...] = tuple(form for form in FORMS if form != TYPED)


def iso_name(category: str, task_type: str) -> str:
    """The name of the harness's task: `unisafe_iso_<category>_<form>`."""
    return f"{ISO_PREFIX}{category}_{task_type.removeprefix('iso_')}"


def iso_tags(category: str, task_type: str) -> tuple[str, str]:
    """The tags by which the harness finds all tasks of a category, and of a form."""
    return f"unisafe-iso-{category}", f"unisafe-iso-{task_type.removeprefix('iso_')}"


#: Name of a task -> (category, task type), category by category.
ISO_TASKS: dict[str, tuple[str, str]] = {iso_name(c, t): (c, t) for c in CATEGORIES for t in FORMS}


def is_iso(item_id: str) -> bool:
    """Is this the id of an item of this suite (`tox-i01h.iso_speech`)?"""
    return item_id.rpartition(".")[2] in FORMS
