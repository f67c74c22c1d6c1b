"""A judge that asks a model: question by its form, answer from cache or endpoint, one re-ask."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.contract.record import JudgeIdentity
from judger.contract.settings import Settings
from judger.endpoint.address import shown
from judger.endpoint.budget import Budget
from judger.endpoint.cache import key_of, opened
from judger.endpoint.client import Client
from judger.endpoint.faults import (
    JudgeBudgetSpent,
    JudgeFault,
    JudgeFiltered,
    local_fault,
)
from judger.endpoint.grammar.completion import Completion
from judger.endpoint.wire.payload import Sent, length
from judger.judges.asking.manner import Manner
from judger.judges.asking.preparing import Preparing
from judger.judges.asking.probe import ITEM, PART, PARTS, unreadable
from judger.judges.asking.sent import sent
from judger.judges.asking.served import Served
from judger.judges.base import Form, Question, Unjudgeable
from judger.judges.verdict import Answer
from judger.media.encoded import Body, body_of
from judger.media.files import MediaError, OurMediaError
from judger.reply.parts import Part

Said = tuple[Answer, Completion]


@dataclass(frozen=True)
class Wire:
    """A question as it is sent: its body, and whether its form is but tried."""

    question: Question
    body: Body
    trying: bool = False


class AskingJudge:
    """Joins a form, a client and a cache. Identical questions of a run are asked once."""

    def __init__(self, form: Form, settings: Settings, budget: Budget | None = None) -> None:
        self.form = form
        self.settings = settings
        self.identity: JudgeIdentity = {
            "backend": form.name,
            "model": settings.model,
            "mode": settings.mode,
            "calibrated": False,
            "refusal": form.refusal,
            "revision": settings.revision,
            "decoding": {"temperature": 0, "max_tokens": form.max_tokens},
            "parser": _parser(form, settings),
            "shown": form.shown,
        }
        self.template_sha256 = form.template_sha256
        self._cache = opened(settings)
        self._budget = budget
        self._client = Client(settings, budget, self._harmless)
        address = hashlib.sha256(settings.base_url.encode()).hexdigest()[:16]
        name = f"{form.name} {address} {settings.model} {settings.revision}"
        manner = f"manner {name} {settings.structured}"
        self._manner = Manner(form, self._cache, manner, self._probe_question)
        self._served = Served(self._cache, f"served {name}", self.identity)
        self._preparing = Preparing()
        self._flying: dict[bytes, asyncio.Future[Said]] = {}
        self._probed = 0.0
        self._spent = {"cached": 0.0, "input_tokens": 0.0, "output_tokens": 0.0}

    async def answer(self, axis: Axis, item: Item, part: Part) -> Answer:
        """One judgement, or the outcome that stands in its place."""
        for what, known in ((part.kind, self.form.modalities), (axis, self.form.axes)):
            if what not in known:
                return Answer(None, "unsupported", f"{self.form.name} cannot judge {what}")
        try:
            return await self._answer(axis, item, part)
        except Unjudgeable as error:
            return Answer(None, "unsupported", str(error))
        except OurMediaError as error:  # no fault of the model's
            return Answer(None, "judge_error", str(error))
        except (MediaError, OSError) as error:  # OSError: the file went away meanwhile
            if (ours := local_fault(error)) is not None:
                return Answer(None, "judge_error", f"this machine, not the reply: {ours}")
            return Answer(None, "target_error", str(error))
        except JudgeBudgetSpent as error:
            return Answer(None, "judge_budget", str(error))
        except JudgeFiltered as error:
            return Answer(None, "judge_refusal", f"filtered: {error}")
        except JudgeFault as error:
            return Answer(None, "judge_error", str(error))

    async def _answer(self, axis: Axis, item: Item, part: Part) -> Answer:
        async def made() -> Question:
            return await self._preparing.made(lambda: self.form.question(axis, item, part))

        async def send(question: Question, trying: bool) -> Said:
            return await self._asked_once(axis, self._wire(question, trying))

        question, (answer, completion) = await self._manner.ask(made, send)
        if answer.outcome == "judge_unparsable" and question.again:
            again = self._wire(replace(question, body=_follow_up(question, completion)))
            answer, completion = await self._asked_once(axis, again)
            if answer.outcome == "scored":  # under the question itself: next time nothing is asked
                self._cache.put(self._key(self._wire(question), completion.served), completion)
        return replace(answer, shown=sent(question.body, axis, item, part))

    def _wire(self, question: Question, trying: bool = False) -> Wire:
        return Wire(question, body_of(self._manner.dialect.body(question.body)), trying)

    def _key(self, wire: Wire, served: str) -> str:
        revision, path = self.settings.revision, wire.question.path
        return key_of(self.form.name, revision, served, path, wire.body.named)

    def _probe_question(self) -> Question:
        return self.form.question(self.form.axes[0], ITEM, PART)

    def _harmless(self) -> tuple[Sent, str]:
        """The question that decides whether the endpoint is there for anybody."""
        wire = self._wire(self._probe_question())
        return wire.body.sent, wire.question.path

    async def _asked_once(self, axis: Axis, wire: Wire) -> Said:
        asked = hashlib.sha256(wire.question.path.encode() + b"\0" + wire.body.named).digest()
        if (flying := self._flying.get(asked)) is not None:
            return await asyncio.shield(flying)
        future: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._flying[asked] = future
        try:
            result = self._kept(axis, wire) or await self._ask(axis, wire)
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # seen: a question nobody else waits for must not warn
            raise
        else:
            future.set_result(result)
            return result
        finally:
            del self._flying[asked]

    def _kept(self, axis: Axis, wire: Wire) -> Said | None:
        """The answer of an earlier run, by whoever answers now as far as is known."""
        for served in self._served.known:
            kept = self._cache.get(self._key(wire, served))
            if kept is None:
                continue
            answer = self.form.read(axis, kept, wire.question)
            if answer.outcome == "scored":
                self._served.kept(kept)
                self._spent["cached"] += 1
                return answer, kept
        return None

    async def _ask(self, axis: Axis, wire: Wire) -> Said:
        completion = await self._client.ask(wire.body.sent, wire.question.path, wire.trying)
        self._served.leaves_out(self._manner.left_out)
        self._served.answered(completion)
        self._spent["input_tokens"] += completion.input_tokens or 0
        self._spent["output_tokens"] += completion.output_tokens or 0
        if self._budget is not None:
            sent_bytes = length(wire.body.sent)
            self._budget.pay_for(self.settings, completion, sent_bytes, self.form.max_tokens)
        answer = self.form.read(axis, completion, wire.question)
        if answer.outcome == "scored":
            self._cache.put(self._key(wire, completion.served), completion)
        return answer, completion

    def usage(self) -> dict[str, float]:
        """What this process spent, in calls, tokens and the currency of the prices set."""
        prices = self.settings.price_input, self.settings.price_output
        tokens = self._spent["input_tokens"], self._spent["output_tokens"]
        cost = sum(t * p for t, p in zip(tokens, prices, strict=True)) / 1e6
        return {"calls": float(self._client.calls), **self._spent, "cost": cost}

    @property
    def stopped(self) -> str:
        """Why nothing more is sent, "" while the endpoint answers."""
        return self._client.stopped or (self._budget.stopped if self._budget else "")

    async def probe(self, reach: bool = False) -> Answer:
        """Ask harmless questions (from the cache, if they were asked before) until one is read.

        What was kept says nothing of the endpoint today: with `reach` it has to be there, too.
        """
        axis, answered = self.form.axes[0], self._client.answered
        for part in PARTS:
            kept = self._spent["cached"]
            answer = await self.answer(axis, ITEM, part)
            self._probed += self._spent["cached"] - kept
            if answer.outcome not in ("judge_unparsable", "judge_refusal"):
                break
        else:
            return replace(answer, reason=unreadable(answer))
        there = self._client.answered > answered
        if answer.outcome != "scored" or not (reach or there):
            return answer
        try:
            reached = await self._client.reach()
            self._served.lists(self._client.listing)
            if not (there or reached):
                await self._ask(axis, self._wire(self._probe_question()))
        except JudgeFault as error:
            return Answer(None, "judge_error", str(error))
        return answer

    async def close(self) -> None:
        """Close connections and cache."""
        kept = self._spent["cached"] - self._probed
        if kept > 0 and not self._client.answered:
            print(
                f"Uni-Judger: the judge at {shown(self.settings.base_url)} was not heard: all "
                f"{kept:.0f} answers are kept ones of earlier runs.",
                file=sys.stderr,
            )
        await self._client.close()
        self._cache.close()


def _parser(form: Form, settings: Settings) -> str:
    """How answers are asked for and read: the grammar, the form wanted where one can be, the mode.

    "auto" is JSON where the server offers it: what a judge is called must not change as it learns.
    """
    wanted = settings.structured if form.structured else ""
    return " ".join(word for word in (form.parser, wanted, settings.mode) if word)


def _follow_up(question: Question, completion: Completion) -> Mapping[str, Any]:
    """The one bounded re-ask: the conversation so far, and what was wrong with the answer."""
    said = {"role": "assistant", "content": completion.text[:2000] or "(nothing)"}
    messages = [*question.body["messages"], said, dict(question.again)]
    return {**question.body, "messages": messages}
