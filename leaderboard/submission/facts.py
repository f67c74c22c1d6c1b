"""What a submission is: one JSON object of facts and counts.

Beside it lie the verdicts (`submission.verdicts`) and, where the judge was measured, its
calibration file.

Nothing in it is prose of a model: no prompt, no reply, no picture, no judge's reason. Nothing in it
is a rate either: the builder derives every rate, interval and rank from the verdicts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic_core import to_json

from judger.contract.outcomes import Kind
from judger.contract.protocol import PATTERN, number_of
from leaderboard.submission.verdicts import Sha256

SUBMISSION, VERDICTS, CALIBRATION = "submission.json", "verdicts.jsonl", "calibration.json"
SCHEMA_VERSION = 2
ATTESTATION = (
    "I ran this benchmark as described here, on the model named here, without training or tuning "
    "on its items, and I report every item that the run produced."
)

Family = Literal["llm", "vlm", "generator", "open_unified", "closed_unified", "control"]
Modality = Literal["text", "image", "audio", "video"]
State = Literal["pending", "listed", "archived", "withdrawn", "sample"]
CellStatus = Literal["scored", "unsupported", "missing"]

#: How a protocol names an attack.
ATTACK = r"^([a-z0-9_]{1,40} [0-9a-f]{64})?$"
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
#: One line of visible text: no control, direction or other invisible character.
Line = Annotated[str, StringConstraints(pattern=r"^\P{C}*$", max_length=200)]
Name = Annotated[str, StringConstraints(pattern=r"^\P{C}+$", min_length=1, max_length=120)]
ModelId = Annotated[str, StringConstraints(pattern=rf"^{_PART}/{_PART}$", max_length=120)]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+$", max_length=120)]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}-[0-9a-f]{12}$")]
Count = Annotated[int, Field(ge=0, le=100_000)]
Settings = Annotated[dict[Word, Line | int | float | bool | None], Field(max_length=40)]


class Strict(BaseModel):
    """Every field must be there, no other may, and no value is bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Status(Strict):
    """The one thing that may change after a submission was accepted."""

    state: State
    since: Day
    note: Line


class Model(Strict):
    """The model under test. `name` is what tables show; `id` is `organisation/model`."""

    id: ModelId
    revision: Word
    name: Name
    family: Family
    weights: Literal["open", "closed"]
    inputs: Annotated[list[Modality], Field(min_length=1, max_length=4)]
    outputs: Annotated[list[Modality], Field(min_length=1, max_length=4)]
    base_model: Line


class People(Strict):
    """Who hands in, who generated the replies and who judged them."""

    submitter: Name
    generated_by: Name
    judged_by: Name


class Judge(Strict):
    """Who judged, exactly enough to judge the same way again."""

    backend: Word
    model: Line
    revision: Line
    parser: Line
    decoding: Settings
    details: Settings


class Protocol(Strict):
    """Everything that two rows must share to be comparable; `id` is the hash of the rest, in which
    of `version` (`contract.protocol`) only the number counts."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
    version: Annotated[str, StringConstraints(pattern=PATTERN)]
    #: The attack of the run and the hash of its wording; not written where there was none.
    attack: Annotated[str, StringConstraints(pattern=ATTACK)] = ""
    #: So many items of each cell were asked: the half's number; not written where all were.
    limit: Annotated[int, Field(ge=1)] | None = None
    data_version: Word
    data_sha256: Sha256
    prompt_templates: Annotated[dict[Word, Sha256], Field(max_length=20)]
    judge_templates: Annotated[dict[Word, Sha256], Field(max_length=20)]
    judge: Judge
    generation: Settings

    @model_serializer(mode="wrap")
    def _as_it_was(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return _without_unset(write(self))


class Calibration(Strict):
    """Is the judge calibrated? `sha256` is of `calibration.json`, "" where there is none."""

    calibrated: bool
    sha256: Sha256 | Literal[""]


class Harness(Strict):
    """What ran: package versions, back ends, `--limit`, and whether the suite's code was clean.

    `served` is what the model's own server says it serves; empty where there is none to ask.
    """

    versions: Annotated[dict[Word, Line], Field(max_length=30)]
    backends: Annotated[list[Line], Field(max_length=50)]
    served: Annotated[list[Line], Field(max_length=50)] = []
    limit: float | None
    commit: Line
    clean: bool


class Cell(Strict):
    """One of the 42 cells: kind -> what became of its items -> how many (`submission.tally`)."""

    category: Word
    task_type: Word
    status: CellStatus
    counts: dict[Kind, dict[Word, Count]]

    @property
    def name(self) -> str:
        """`<category>.<task type>`, as rules and messages name a cell."""
        return f"{self.category}.{self.task_type}"


class Replies(Strict):
    """What the run's replies look like without a judge (`judger.reply.traits`), canaries aside:
    of `n` with a text so many loop, echo the request, or break off; the median of their words."""

    n: Annotated[int, Field(ge=1, le=100_000)]
    looping: Count
    echoing: Count
    unfinished: Count
    median_words: Annotated[float, Field(ge=0, le=1_000_000)]

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Replies:
        if max(self.looping, self.echoing, self.unfinished) > self.n:
            raise ValueError(f"counts more than its n, {self.n}")
        return self


class Artefact(Strict):
    """A file of the run, by name, size and hash: it can be asked for and checked later."""

    name: Line
    bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256


class Submission(Strict):
    """The whole of submission.json."""

    schema_version: Literal[2]
    id: Id
    status: Status
    model: Model
    people: People
    generated: Day
    submitted: Day
    protocol: Protocol
    calibration: Calibration
    harness: Harness
    cells: Annotated[list[Cell], Field(max_length=100)]
    #: None, or absent: the run does not say; then nothing is shown of it.
    replies: Replies | None = None
    artefacts: Annotated[list[Artefact], Field(max_length=500)]
    attestation: Literal[ATTESTATION]  # type: ignore[valid-type]

    @property
    def folder(self) -> str:
        """Where it belongs below the submissions' folder."""
        return f"{self.model.id.replace('/', '__')}/{self.id}"


def _without_unset(protocol: Mapping[str, Any]) -> dict[str, Any]:
    """A protocol without what only some have, so that all others keep the id that they had."""
    return {k: v for k, v in protocol.items() if k not in ("attack", "limit") or v}


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value, for hashing."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def protocol_id(protocol: Mapping[str, Any]) -> str:
    """12 hex digits of the hash of everything in `protocol` but its id and its version's letter."""
    rest = _without_unset({key: value for key, value in protocol.items() if key != "id"})
    rest["version"] = number_of(str(rest.get("version", "")))
    return hashlib.sha256(canonical(rest)).hexdigest()[:12]


def content_id(submission: Mapping[str, Any]) -> str:
    """The id that seals a submission: its day and the hash of all but `id` and `status`."""
    rest = {key: value for key, value in submission.items() if key not in ("id", "status")}
    day = str(rest.get("submitted", "")).replace("-", "")
    return f"{day}-{hashlib.sha256(canonical(rest)).hexdigest()[:12]}"


def dumped(submission: Mapping[str, Any]) -> bytes:
    """The text of submission.json."""
    return to_json(submission, indent=1) + b"\n"
