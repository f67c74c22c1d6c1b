"""Labels: what people say of a request and a reply, to measure a judge against.

One JSON object a line. A label holds a verdict on both axes, or the `outcome` that the reply must
end in because there is nothing to judge (an empty reply, a failure marker). A label of a public set
(`source`) may say less: the contextual verdict is one of several (`contextual_in`), and the
intrinsic one is unknown. Those that ship are in `shipped`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from judger.contract.item import Item
from judger.contract.outcomes import Outcome, Verdict
from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES, TASK_TYPES
from judger.offline.jsonl import LineError, models
from judger.offline.replies import Line
from judger.reply.reply import Reply

#: Why a case is hard; "" for a plain one.
Hard = Literal[
    "",
    "refuses_then_complies",
    "harmless_reply",
    "harm_in_context",
    "quoted_harm",
    "empty",
    "fault",
    "gibberish",
    "refusal_in_image_task",
    "over_long",
    "refusal_of_benign",
    "wrong_language",
    "sarcasm",
]


class Opinion(BaseModel):
    """What one of those who labelled said of a reply, and when.

    "cannot_tell" is an answer, never a verdict.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: str = Field(min_length=1)
    at: str = Field(min_length=1)
    contextual: Verdict | Literal["cannot_tell"]
    intrinsic: Literal["unsafe", "safe", "cannot_tell"]
    helped: Literal["yes", "no", "cannot_tell"] | None = None
    note: str = ""


def differ(one: Opinion, other: Opinion) -> list[str]:
    """The questions that two answer otherwise, or that one cannot answer.

    Whether a reply helped is asked of benign requests only, and may be left open.
    """
    asked = ["contextual", "intrinsic"]
    if one.helped is not None and other.helped is not None:
        asked.append("helped")
    said = [(what, getattr(one, what), getattr(other, what)) for what in asked]
    return [what for what, a, b in said if a != b or "cannot_tell" in (a, b)]


class Label(BaseModel):
    """One request and reply with what a person says of it. The reply's files are relative to the
    file of labels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    category: str
    subcategory: str = ""
    task_type: str
    kind: Literal["harmful", "benign"] = "harmful"
    intent: str = ""
    prompt: str = Field(min_length=1)
    media_text: str = ""
    #: The wrapper that stood around `prompt` when the model was asked, "" without one: a judge that
    #: is measured is told of it as in a run (`judger.judges.prompting`).
    attack: str = ""
    attack_about: str = ""
    attack_sha256: str = ""
    reply: str = ""
    images: tuple[str, ...] = ()
    audios: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    contextual: Verdict | None = None
    intrinsic: Literal["unsafe", "safe"] | None = None
    outcome: Outcome = "scored"
    #: Benign requests: did the reply do what was asked?
    helped: bool | None = None
    #: Of a public set: the verdict is one of these, and the set does not say which.
    contextual_in: tuple[Verdict, ...] = ()
    #: Which public set the label comes from, with its licence; "" for labels of ours.
    source: str = ""
    #: Who labelled it, and when (ISO 8601).
    by: str = ""
    at: str = ""
    #: All that was said by those whom the label was merged from, in the order in which they did.
    opinions: tuple[Opinion, ...] = ()
    #: Labels that no person gave count towards a calibration where they are `settled`.
    by_people: bool = True
    hard: Hard = ""
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Label:
        if self.source and self.outcome == "scored":
            if (self.contextual is None) == (not self.contextual_in):
                raise ValueError("a label of a public set has `contextual` or `contextual_in`")
        elif self.contextual_in:
            raise ValueError("`contextual_in` is for scored labels of a public set (`source`)")
        elif (self.contextual is None, self.intrinsic is None) != (self.outcome != "scored",) * 2:
            raise ValueError("a scored label has a verdict on both axes, any other has none")
        if self.helped is not None and (self.kind != "benign" or self.outcome != "scored"):
            raise ValueError("`helped` is for scored replies to benign requests")
        if self.helped and "refusal" in (self.contextual, *self.contextual_in):
            raise ValueError("a refusal that helped contradicts itself")
        if self.category not in CATEGORIES or self.task_type not in TASK_TYPES:
            raise ValueError(f"{self.category!r} × {self.task_type!r} is no cell")
        if len({bool(self.attack), bool(self.attack_about), bool(self.attack_sha256)}) > 1:
            raise ValueError("`attack`, `attack_about` and `attack_sha256` stand together")
        if self.subcategory and self.subcategory not in SUBCATEGORIES[self.category]:
            raise ValueError(f"subcategory {self.subcategory!r} is not of {self.category}")
        return self

    @property
    def whole(self) -> bool:
        """Does it hold a verdict on both axes?"""
        return self.contextual is not None and self.intrinsic is not None

    @property
    def form(self) -> Literal["text", "picture", "sound", "film"]:
        """What the reply is, words beside its medium or not."""
        if self.videos:
            return "film"
        return "sound" if self.audios else "picture" if self.images else "text"

    @property
    def settled(self) -> bool:
        """Was it labelled twice, by two who did not see what the other said, and is it what both
        say, or what somebody has settled with a reason?

        Whether they did not see it no file can tell: `uni-safe label blind` makes it so.
        """
        if len(self.opinions) < 2 or self.opinions[0].by == self.opinions[1].by:
            return False
        first, second, *later = self.opinions
        last = later[-1] if later else first
        if differ(first, second) and not (later and last.note):
            return False
        return (last.contextual, last.intrinsic) == (self.contextual, self.intrinsic)

    @property
    def item(self) -> Item:
        """The request, as a judge may know it."""
        fields = self.model_dump(include={*Item.model_fields})
        return Item.model_validate({**fields, "item_id": self.id, "scenario": self.id})

    @property
    def record(self) -> Record:
        """A label without gaps in the form of a judgement."""
        return Record(
            item_id=self.id,
            kind=self.kind,
            category=self.category,
            task_type=self.task_type,
            outcome=self.outcome,
            contextual=self.contextual,
            intrinsic=self.intrinsic,
            helped=self.helped,
        )


def read(path: Path) -> list[Label]:
    """All labels of a file; LineError at the first fault."""
    labels: dict[str, Label] = {}
    for number, label in models(path, Label):
        if label.id in labels:
            raise LineError(f"{path}:{number}: id {label.id!r} stands on an earlier line, too")
        labels[label.id] = label
    if not labels:
        raise LineError(f"{path}: no labels in it")
    return list(labels.values())


def line_of(label: Label) -> str:
    """A label as it stands in a file."""
    fields = label.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(fields, ensure_ascii=False) + "\n"


def reply_of(label: Label, folder: Path) -> Reply:
    """The reply, read as `uni-safe score` reads one; its files lie below `folder`."""
    return Line(
        item_id=label.id,
        reply=label.reply,
        images=label.images,
        audios=label.audios,
        videos=label.videos,
    ).read(folder)


def labelled_reply(label: Label, path: Path) -> Reply:
    """The reply of a label of the file `path`; LineError where people saw files that are not there
    now, or are broken: what a judge makes of that says nothing of the judge."""
    reply = reply_of(label, path.resolve().parent)
    require_seen(label, path, reply.fault, reply.note)
    return reply


def require_seen(label: Label, path: Path, outcome: str | None, why: str) -> None:
    """LineError where `outcome` says that files which people saw cannot be seen by a judge."""
    files = label.images or label.audios or label.videos
    if label.outcome == "scored" and files and outcome == "target_error":
        raise LineError(f"{path}: the reply of {label.id!r} cannot be read: {why}")


def sha256(*paths: Path) -> str:
    """The hash by which a calibration file names the labels it comes from."""
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
