"""What the labels of other data sets are in our taxonomy: `labels.yaml`, read and checked."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES

FILE = Path(__file__).with_name("labels.yaml")


class Place(NamedTuple):
    """A place in our taxonomy; `subcategory` is "" where a label says no more than a category."""

    category: str
    subcategory: str


#: Name of a category or sub-category → its place.
PLACES: dict[str, Place] = {
    **{category: Place(category, "") for category in CATEGORIES},
    **{sub: Place(category, sub) for category, subs in SUBCATEGORIES.items() for sub in subs},
}


def plain(label: str) -> str:
    """A label without case, punctuation and the word "and": what two spellings have in common."""
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", label).casefold())
    return "".join(word for word in words if word != "and")


class Labels(BaseModel):
    """The labels of one set: our name → their spellings, and the labels dropped with the reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    licence: str
    labels: dict[str, list[str]]
    dropped: dict[str, str]

    @model_validator(mode="after")
    def _sound(self) -> Labels:
        if unknown := set(self.labels) - set(PLACES):
            raise ValueError(f"{self.name}: {sorted(unknown)} is nothing in our taxonomy")
        spelt = [s for spellings in self.labels.values() for s in {plain(x) for x in spellings}]
        spelt += [plain(label) for label in self.dropped]
        if twice := {label for label in spelt if spelt.count(label) > 1}:
            raise ValueError(f"{self.name}: {sorted(twice)} stands in two places")
        return self

    @functools.cached_property
    def _places(self) -> dict[str, Place]:
        return {plain(s): PLACES[name] for name, many in self.labels.items() for s in many}

    @functools.cached_property
    def _dropped(self) -> dict[str, str]:
        return {plain(label): reason for label, reason in self.dropped.items()}

    def place(self, label: str) -> Place | None:
        """Where a label belongs, or None."""
        return self._places.get(plain(label))

    def drops(self, label: str) -> bool:
        """Is it a label whose rows are left out on purpose?"""
        return plain(label) in self._dropped

    def why_not(self, label: str) -> str:
        """Why a label without a place is dropped."""
        reason = self._dropped.get(plain(label), "a label that labels.yaml does not know")
        return f"{label[:60]!r}: {reason}"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    sets: dict[str, Labels]


@functools.lru_cache(maxsize=1)
def _file() -> _File:
    loaded = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return _File(version=loaded.pop("version"), sets=loaded)


def version() -> int:
    """The version of the maps; it stands in every imported line."""
    return _file().version


def labels_of(name: str) -> Labels:
    """The labels of one set; KeyError when there is none of that name."""
    return _file().sets[name]
