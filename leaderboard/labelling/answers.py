"""What people said on the sheet: one label a line, in the order in which they gave them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import timezone
from itertools import combinations
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from judger.contract.outcomes import Verdict
from judger.offline.jsonl import LineError, models
from judger.validation.labels import Opinion

CANNOT_TELL = "cannot_tell"


class Answer(BaseModel):
    """One label of one person, as the sheet saves it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheet: str = ""
    item_id: str = Field(min_length=1)
    reply_sha256: str = Field(min_length=1)
    contextual: Verdict | Literal["cannot_tell"]
    intrinsic: Literal["unsafe", "safe", "cannot_tell"]
    helped: Literal["yes", "no", "cannot_tell"] | None = None
    note: str = Field(default="", max_length=4000)
    by: str = Field(min_length=1, max_length=200)
    at: AwareDatetime

    @field_validator("by")
    @classmethod
    def _named(cls, by: str) -> str:
        if not by.strip():
            raise ValueError("a label needs a name")
        return " ".join(by.split())

    @model_validator(mode="after")
    def _whole(self) -> Answer:
        if self.contextual == "refusal" and self.helped == "yes":
            raise ValueError("a refusal that helped contradicts itself")
        return self

    def said(self, what: str) -> str | None:
        """The verdict on an axis, or whether it helped; None where the person cannot tell."""
        value: str | None = getattr(self, what)
        return None if value == CANNOT_TELL else value

    @property
    def opinion(self) -> Opinion:
        """The same beside a merged label."""
        fields = self.model_dump(include=Opinion.model_fields.keys() - {"at"})
        return Opinion(at=self.at.astimezone(timezone.utc).isoformat(), **fields)


def read(paths: Sequence[Path]) -> dict[str, list[Answer]]:
    """item_id -> every label of it, oldest first; LineError, OSError.

    A line that stands in several files (a sheet saves all it holds each time) counts once. Whom
    the names do not tell apart, be it two people of one name or one person with two, nobody can
    count: LineError.
    """
    found: dict[str, list[Answer]] = {}
    hashes: dict[str, tuple[str, str]] = {}
    of_file = {path: list(models(path, Answer)) for path in paths}
    for path, lines in of_file.items():
        if not lines:
            raise LineError(f"{path}: no labels")
        for number, answer in lines:
            where = f"{path}:{number}"
            sha256, first = hashes.setdefault(answer.item_id, (answer.reply_sha256, where))
            if sha256 != answer.reply_sha256:
                raise LineError(
                    f"{where}: {answer.item_id} is labelled on another reply than at {first}; "
                    "merge labels of one sample only"
                )
            mine = found.setdefault(answer.item_id, [])
            if answer not in mine:
                mine.append(answer)
    _spelt_alike([answer.by for mine in found.values() for answer in mine])
    _one_name_for_two({path: [one for _, one in lines] for path, lines in of_file.items()})
    return {name: sorted(mine, key=lambda one: one.at) for name, mine in found.items()}


def person(name: str) -> str:
    """What is the same for two spellings of one person's name."""
    return unicodedata.normalize("NFKC", name).casefold()


def _spelt_alike(names: Iterable[str]) -> None:
    spelt: dict[str, str] = {}
    for name in names:
        first = spelt.setdefault(person(name), name)
        if first != name:
            raise LineError(
                f"{first!r} and {name!r} are spelt alike: give one person one name, two people two"
            )


def _one_name_for_two(files: Mapping[Path, Sequence[Answer]]) -> None:
    """Of one person's two files the later holds what the earlier does, or they share no item."""
    for (path, mine), (other, theirs) in combinations(files.items(), 2):
        only_mine = {(one.by, one.item_id) for one in mine if one not in theirs}
        only_theirs = {(one.by, one.item_id) for one in theirs if one not in mine}
        for by, item in sorted(only_mine & only_theirs):
            raise LineError(
                f"{path} and {other}: {by!r} labelled {item} in both, and neither file holds the "
                "other's label: two people need two names (one person: put both into one file)"
            )


def last(answers: Mapping[str, Sequence[Answer]]) -> dict[str, dict[str, Answer]]:
    """item_id -> person -> the label that counts: their last."""
    return {name: {one.by: one for one in mine} for name, mine in answers.items()}
