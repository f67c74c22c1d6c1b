"""What every judge is: something that answers one question about one part of one reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.contract.record import JudgeIdentity
from judger.contract.settings import Settings
from judger.endpoint.grammar.completion import Completion
from judger.judges.verdict import Answer
from judger.reply.parts import Part


class Judge(Protocol):
    """One judge, or several behind one face."""

    @property
    def identity(self) -> JudgeIdentity:
        """Who judges, and whether its accuracy has been measured."""

    @property
    def template_sha256(self) -> dict[str, str]:
        """The hash of the wording behind each axis."""

    @property
    def stopped(self) -> str:
        """Why nothing more is asked, "" while all is well."""

    async def answer(self, axis: Axis, item: Item, part: Part) -> Answer:
        """Judge one part on one axis. Never raises on what a model or a judge returned."""

    async def close(self) -> None:
        """Give back connections and files."""

    def usage(self) -> dict[str, float]:
        """calls, cached, input_tokens, output_tokens, cost: what was spent so far."""


@dataclass(frozen=True)
class Question:
    """What is sent for one judgement: where, the body, and what the answer must carry."""

    body: Mapping[str, Any]
    ticket: str = ""
    path: str = "/chat/completions"
    again: Mapping[str, Any] = field(default_factory=dict)
    asks_helped: bool = False


class Form(Protocol):
    """How one family of judge models is asked and read: the part of a guard that is its own.

    It declares what it can judge: `axes` (the first is the one a probe asks about), `modalities` of
    a reply's parts, and whether it can tell a refusal from a safe reply; and for the record the
    grammar of its answers with its version (`parser`), what it is shown of files (`shown`), the
    form it asks for where it has a choice (`structured`: "json", "line" or ""), and the length it
    may answer in.
    """

    name: str
    axes: tuple[Axis, ...]
    modalities: frozenset[str]
    refusal: bool
    parser: str
    shown: str
    structured: str
    max_tokens: int
    template_sha256: dict[str, str]

    def __init__(self, settings: Settings) -> None: ...

    def question(self, axis: Axis, item: Item, part: Part) -> Question:
        """The request for one judgement; raises Unjudgeable when this guard cannot judge it."""

    def read(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """Read the model's answer by this guard's own strict grammar."""

    def simpler(self, question: Question) -> bool:
        """After the server rejected `question`: is there a plainer form from now on?

        If so `structured` names it; setting `structured` back is all it takes to return.
        """


class Unjudgeable(ValueError):
    """This judge has no way to judge this part on this axis; the outcome is `unsupported`."""
