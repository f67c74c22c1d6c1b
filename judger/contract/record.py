"""The record of one item's judgement, which every logged sample carries."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import NotRequired, Self, TypedDict

from judger.contract.errors import UserError
from judger.contract.item import Item
from judger.contract.outcomes import AXES, OFFERED, Axis, Kind, Outcome, Verdict


class Vote(TypedDict):
    """What one member of an ensemble said of one part on one axis."""

    judge: str
    axis: Axis
    outcome: Outcome
    verdict: Verdict | None
    reason: str
    #: Whether this judge can tell a refusal from a safe reply; if not, its "safe" is both.
    refusal: bool
    #: On benign items, from a judge that was asked: did the reply do what was asked?
    helped: NotRequired[bool | None]
    #: In which form it was shown the sounds and films of the question.
    shown: NotRequired[str]


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One part of a reply (text, one image, one sound, one film) and what was said of it."""

    part: str
    outcome: Outcome = "scored"
    reason: str = ""
    contextual: Verdict | None = None
    intrinsic: Verdict | None = None
    contextual_reason: str = ""
    intrinsic_reason: str = ""
    #: On benign items: did this part do what was asked?
    helped: bool | None = None
    judges: tuple[Vote, ...] = ()
    #: By axis, where there were sounds or films: in which form the one judge was shown them.
    shown: Mapping[str, str] = field(default_factory=dict)

    def verdict(self, axis: Axis) -> Verdict | None:
        """What was said of it on an axis."""
        return self.contextual if axis == "contextual" else self.intrinsic

    def to_json(self) -> dict[str, Any]:
        """The part as it stands in a samples file; what need not be there only where it is."""
        return _without(_values(self), helped=None, judges=(), shown={})


class JudgeIdentity(TypedDict, total=False):
    """Who judged, and whether its accuracy against people has been measured.

    `refusal` is False for a judge that cannot tell a refusal from a safe reply: no rate of refusals
    can come from it. `rule` and `members` describe an ensemble.
    """

    backend: str
    model: str
    mode: str
    calibrated: bool
    #: Why a judge that was measured does not count as calibrated; absent where that is not so.
    unfit: str
    #: On what labels that not people alone gave a calibrated judge was measured; else absent.
    labelled: str
    refusal: bool
    #: The exact version of its weights or API, as the user names it ("" unknown).
    revision: str
    #: What it was asked with: temperature, max_tokens and the like.
    decoding: dict[str, str | int | float]
    #: The grammar its answers were read by, with its version and the mode.
    parser: str
    #: What really answered, as its endpoint says: model and build, and decoding it left out.
    served: str
    #: Names under which its server lists what it serves: ids, roots and parents, with `;` between.
    served_as: str
    #: What of a request and a reply it was shown, and how large.
    shown: str
    rule: str
    members: list[JudgeIdentity]


class RecordError(UserError):
    """Something that is no record, or one in which outcome and verdicts contradict each other."""


@dataclass(frozen=True, slots=True)
class Record:
    """What every logged sample carries under the key `uni_judger`.

    Make one with `Record.scored`, `Record.fault` or, from a file, `Record.from_json`. A record that
    is not `scored` holds no verdict; one that is holds all that its kind has.
    """

    #: A record of a later suite may hold more than we know.
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    item_id: str
    kind: Kind
    category: str
    task_type: str
    outcome: Outcome
    scenario: str = ""
    subcategory: str = ""
    reason: str = ""
    contextual: Verdict | None = None
    intrinsic: Verdict | None = None
    #: Benign items: the reply did what was asked; None where the judge was not asked that.
    helped: bool | None = None
    #: Canaries: the reply holds the word that only the medium shows.
    delivered: bool | None = None
    parts: tuple[PartRecord, ...] = ()
    judge: JudgeIdentity = field(default_factory=JudgeIdentity)
    template_sha256: Mapping[str, str] = field(default_factory=dict)
    prompt_sha256: str = ""
    response_sha256: str = ""
    #: What was read of the reply (`judger.reply.reply.Reply.to_json`).
    reply: Mapping[str, Any] = field(default_factory=dict)
    data_version: str = ""
    #: The suite that made this record (`judger.engine.provenance.suite`).
    suite: str = ""
    #: The protocol's version by which it was made (`contract.protocol`); "" before one was kept.
    protocol: str = ""
    #: The wrapper that stood around the requests of the run, and the hash of its wording.
    attack: str = ""
    attack_sha256: str = ""
    usage: Mapping[str, float] = field(default_factory=dict)
    #: What can be said of a reply without a judge (`judger.reply.traits`); empty without a text.
    traits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The rule above all, as a type: RecordError where a fault would hold a verdict."""
        verdicts = (self.contextual, self.intrinsic)
        if self.outcome != "scored" or self.kind == "canary":
            if verdicts != (None, None):
                raise RecordError(f"{self.item_id}: {self.outcome} {self.kind} with {verdicts}")
        else:
            # The published protocol reads the same three digits on both axes.
            published = self.judge.get("mode") == "reference"
            for axis in AXES:
                if self.verdict(axis) not in OFFERED["contextual" if published else axis]:
                    raise RecordError(f"scored, but the {axis} verdict is {self.verdict(axis)!r}")
        if self.outcome != "scored" and (self.delivered, self.helped) != (None, None):
            raise RecordError(f"{self.item_id}: {self.outcome}, but delivered or helped is known")

    def verdict(self, axis: Axis) -> Verdict | None:
        """What was said of it on an axis."""
        return self.contextual if axis == "contextual" else self.intrinsic

    @classmethod
    def scored(cls, item: Item, contextual: Verdict, intrinsic: Verdict, **more: Any) -> Self:
        """The record of an item with both verdicts; `more` are further fields."""
        about = {**item.facts(), **more}
        return cls(outcome="scored", contextual=contextual, intrinsic=intrinsic, **about)

    @classmethod
    def fault(cls, item: Item, outcome: Outcome, reason: str, **more: Any) -> Self:
        """The record of an item without a verdict, and why."""
        return cls(outcome=outcome, reason=reason, **{**item.facts(), **more})

    @classmethod
    def from_json(cls, loaded: Any) -> Record:
        """Read a record from a samples file; RecordError says what is wrong with it."""
        try:
            return _adapter().validate_python(loaded)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "record"
            raise RecordError(f"{where}: {first['msg']}") from None

    def to_json(self) -> dict[str, Any]:
        """The record as it stands in a samples file."""
        values = _values(self)
        values["parts"] = [part.to_json() for part in self.parts]
        optional: dict[str, Any] = {"helped": None, "usage": {}, "traits": {}, "reply": {}}
        return _without(values, **optional, protocol="", attack="", attack_sha256="")

    def changed(self, **values: Any) -> Self:
        """A copy in which some fields are others; held to the same rule."""
        return replace(self, **values)


def _values(of: Any) -> dict[str, Any]:
    return {known.name: getattr(of, known.name) for known in fields(of)}


def _without(values: dict[str, Any], **empty: Any) -> dict[str, Any]:
    """Leave out optional keys that hold nothing."""
    return {k: v for k, v in values.items() if k not in empty or v != empty[k]}


@functools.cache
def _adapter() -> TypeAdapter[Record]:
    return TypeAdapter(Record)
