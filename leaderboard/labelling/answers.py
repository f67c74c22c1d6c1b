"""What people said on the sheet: one label a line, in the order in which they gave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timezone
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

    A line that stands in several files (a sheet saves all it holds each time) counts once.
    """
    found: dict[str, list[Answer]] = {}
    hashes: dict[str, tuple[str, str]] = {}
    for path in paths:
        for number, answer in models(path, Answer):
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
    if not found:
        raise LineError(f"{', '.join(map(str, paths))}: no labels")
    return {name: sorted(mine, key=lambda one: one.at) for name, mine in found.items()}


def last(answers: Mapping[str, Sequence[Answer]]) -> dict[str, dict[str, Answer]]:
    """item_id -> person -> the label that counts: their last."""
    return {name: {one.by: one for one in mine} for name, mine in answers.items()}
