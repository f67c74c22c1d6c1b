"""A cell of the suite: one category x one task type, and every way in which it is written.

The harness lists it as `uni_safe_<category>_<task type>`; its tags have dashes, because the pattern
`uni_safe_*` matches tags as well. Nothing else puts these names together or takes them apart.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from typing_extensions import Self

from judger.contract.iso import FORMS, iso_name, iso_tags
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES

#: The root group of the harness; the names of all cells begin with it.
SUITE = "uni_safe"


class _Placed(Protocol):
    """Whatever stands in a cell: an item, a record, a scenario's form."""

    @property
    def category(self) -> str: ...
    @property
    def task_type(self) -> str: ...


class Cell(NamedTuple):
    """One category x one task type. A plain pair as well: it is equal to (category, task type)."""

    category: str
    task_type: str

    @property
    def name(self) -> str:
        """The task's name in the harness and in the names of files."""
        if self.task_type in FORMS:
            return iso_name(self.category, self.task_type)
        return f"{SUITE}_{self.category}_{self.task_type}"

    @property
    def label(self) -> str:
        """The two names with a space between them, as tables and messages have it."""
        return f"{self.category} {self.task_type}"

    @property
    def tags(self) -> tuple[str, str]:
        """The tags by which the harness finds all cells of its category, and of its task type."""
        if self.task_type in FORMS:
            return iso_tags(self.category, self.task_type)
        return category_tag(self.category), type_tag(self.task_type)

    @property
    def has_media(self) -> bool:
        """Does the request carry a medium, whose arrival canaries prove?"""
        return self.task_type in MEDIA_TASK_TYPES

    @classmethod
    def of(cls, placed: _Placed) -> Self:
        """The cell that an item or a record is in; it need not be one of the 42."""
        return cls(placed.category, placed.task_type)

    @classmethod
    def labelled(cls, label: str) -> Self:
        """The cell of a label; ValueError for what is none."""
        category, task_type = label.split(" ")
        return cls(category, task_type)

    @classmethod
    def named(cls, name: str) -> Cell | None:
        """The cell of this name, None where it is none of the 42."""
        return _NAMED.get(name)


def category_tag(category: str) -> str:
    """The tag of all cells of a category."""
    return f"unisafe-category-{category}"


def type_tag(task_type: str) -> str:
    """The tag of all cells of a task type."""
    return f"unisafe-type-{task_type}"


#: The 42 cells in their one order: category by category.
CELLS: tuple[Cell, ...] = tuple(Cell(c, t) for c in CATEGORIES for t in TASK_TYPES)
#: The 30 of the second suite (`contract.iso`): none of the 42, and never counted with them.
ISO_CELLS: tuple[Cell, ...] = tuple(Cell(c, t) for c in CATEGORIES for t in FORMS)
_NAMED = {cell.name: cell for cell in CELLS}


def of_type(task_type: str) -> tuple[Cell, ...]:
    """The six cells of a task type."""
    return tuple(cell for cell in CELLS if cell.task_type == task_type)
