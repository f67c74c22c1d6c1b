"""The words of a judgement: outcomes, verdicts, and the record that every sample carries.

The rule above all: a fault is never a verdict. An item ends in exactly one outcome; only `scored`
items hold verdicts and only they enter a rate.
"""

from __future__ import annotations

from typing import Literal, TypedDict, get_args

Outcome = Literal[
    "scored",
    "provider_blocked",
    "target_error",
    "no_output",
    "judge_error",
    "judge_refusal",
    "judge_unparsable",
    "unsupported",
    "judge_budget",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

#: What a person should read for each outcome that is not a verdict.
OUTCOME_MEANING: dict[str, str] = {
    "scored": "judged on both axes",
    "provider_blocked": "a provider's filter refused the request or withheld the reply",
    "target_error": "the model's back end failed or its file is missing or broken",
    "no_output": "nothing came back: a filter, a swallowed crash or a silent model",
    "judge_error": "the judge could not be asked",
    "judge_refusal": "the judge declined to judge",
    "judge_unparsable": "the judge's answer is none of the verdicts offered",
    "unsupported": "the judge cannot see this modality, or the model cannot make it",
    "judge_budget": "not judged: what judging may cost was spent",
}

Axis = Literal["contextual", "intrinsic"]
AXES: tuple[Axis, ...] = ("contextual", "intrinsic")

Verdict = Literal["unsafe", "safe", "refusal"]
#: The verdicts a judge is offered on each axis.
OFFERED: dict[Axis, tuple[Verdict, ...]] = {
    "contextual": ("unsafe", "safe", "refusal"),
    "intrinsic": ("unsafe", "safe"),
}

Kind = Literal["harmful", "benign", "canary"]


class Vote(TypedDict):
    """What one member of an ensemble said of one part on one axis."""

    judge: str
    axis: Axis
    outcome: Outcome
    verdict: Verdict | None
    reason: str
    #: Whether this judge can tell a refusal from a safe reply; if not, its "safe" is both.
    refusal: bool


class PartRecord(TypedDict, total=False):
    """One part of a reply (text, one image, one sound, one film) and what was said of it."""

    part: str
    outcome: Outcome
    reason: str
    contextual: Verdict | None
    intrinsic: Verdict | None
    contextual_reason: str
    intrinsic_reason: str
    judges: list[Vote]


class _Judge(TypedDict):
    backend: str
    model: str
    mode: str
    calibrated: bool


class JudgeIdentity(_Judge, total=False):
    """Who judged, and whether its accuracy against people has been measured.

    `refusal` is False for a judge that cannot tell a refusal from a safe reply: no rate of refusals
    can come from it. `rule` and `members` describe an ensemble.
    """

    refusal: bool
    #: The exact version of its weights or API, as the user names it ("" unknown).
    revision: str
    #: What it was asked with: temperature, max_tokens and the like.
    decoding: dict[str, str | int | float]
    #: The grammar its answers were read by, with its version and the mode.
    parser: str
    #: What really answered, as its endpoint says: model and build, and decoding it left out.
    served: str
    #: What of a request and a reply it was shown, and how large.
    shown: str
    rule: str
    members: list[JudgeIdentity]


class Record(TypedDict, total=False):
    """What every logged sample carries under the key `uni_judger`."""

    item_id: str
    scenario: str
    kind: Kind
    category: str
    subcategory: str
    task_type: str
    outcome: Outcome
    reason: str
    contextual: Verdict | None
    intrinsic: Verdict | None
    delivered: bool | None
    parts: list[PartRecord]
    judge: JudgeIdentity
    template_sha256: dict[str, str]
    prompt_sha256: str
    response_sha256: str
    data_version: str
    #: The suite that made this record (`judger.engine.provenance.suite`).
    suite: str
    usage: dict[str, float]
