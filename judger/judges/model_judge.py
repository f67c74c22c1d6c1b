"""A judge that asks a model: question by its form, answer from cache or endpoint, one re-ask."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.contract.record import JudgeIdentity
from judger.contract.settings import Settings
from judger.endpoint.cache import Cache, key_of
from judger.endpoint.client import Client, JudgeFault, JudgeFiltered, JudgeRejected
from judger.judges.base import Form, Question, Unjudgeable
from judger.judges.verdict import Answer, Completion
from judger.media.files import MediaError, RequestMediaError
from judger.reply.parts import Part

#: A harmless question: is the endpoint there, and in which form does it take questions?
PROBE_ITEM = Item(item_id="probe", category="", task_type="text_generation", prompt="Say hello.")
PROBE_PART = Part("text", text="Good morning.")

Said = tuple[Answer, Completion]
Wire = tuple[bytes, str]


class AskingJudge:
    """Joins a form, a client and a cache. Identical questions of a run are asked once."""

    def __init__(self, form: Form, settings: Settings, calibrated: bool = False) -> None:
        self.form = form
        self.settings = settings
        self.identity: JudgeIdentity = {
            "backend": form.name,
            "model": settings.model,
            "mode": settings.mode,
            "calibrated": calibrated,
            "refusal": form.refusal,
            "revision": settings.revision,
            "decoding": {"temperature": 0, "max_tokens": form.max_tokens},
            "parser": _parser(form, settings),
            "shown": _shown(settings),
        }
        self.template_sha256 = form.template_sha256
        self._client = Client(settings)
        self._cache = Cache(settings.cache_dir)
        # A server that once rejected the richer form is asked in the plainer one from the start:
        # another form is another question, and would miss every answer already kept.
        self._plain = f"plain {form.name} {settings.base_url} {settings.model}"
        self._settled = self._cache.get(self._plain) is not None
        if self._settled:
            form.simpler(form.question(form.axes[0], PROBE_ITEM, PROBE_PART))
        self._flying: dict[str, asyncio.Future[Said]] = {}
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
        except RequestMediaError as error:  # no fault of the model's
            return Answer(None, "judge_error", str(error))
        except (MediaError, OSError) as error:  # OSError: the file went away meanwhile
            return Answer(None, "target_error", str(error))
        except JudgeFiltered as error:
            return Answer(None, "judge_refusal", f"filtered: {error}")
        except JudgeFault as error:
            return Answer(None, "judge_error", str(error))

    async def _answer(self, axis: Axis, item: Item, part: Part) -> Answer:
        structured = self.form.structured
        if part.path or item.image or item.audio or item.video:  # decoding must not stop the loop
            question = await asyncio.to_thread(self.form.question, axis, item, part)
        else:
            question = self.form.question(axis, item, part)
        first = self._wire(question)
        try:
            answer, completion = await self._asked_once(axis, question, first)
        except JudgeRejected:
            if self.form.structured != structured:  # asked in the form that was given up meanwhile
                return await self._answer(axis, item, part)
            # Once the server took this form, a rejection is about the one question.
            if self._settled or not self.form.simpler(question):
                raise
            answer = await self._answer(axis, item, part)
            self._cache.put(self._plain, Completion("plain"))  # the plainer form was taken
            return answer
        self._settled = True
        if answer.outcome == "judge_unparsable" and question.again:
            follow_up = self._wire(replace(question, body=_follow_up(question, completion)))
            answer, completion = await self._asked_once(axis, question, follow_up)
            if answer.outcome == "scored":  # under the question itself: next time nothing is asked
                self._cache.put(first[1], completion)
        return answer

    def _wire(self, question: Question) -> Wire:
        """A question as it is sent, and its key in the cache."""
        wire = json.dumps(question.body, sort_keys=True, separators=(",", ":")).encode()
        return wire, key_of(self.form.name, self.settings.revision, question.path, wire)

    async def _asked_once(self, axis: Axis, question: Question, asked: Wire) -> Said:
        wire, key = asked
        if (flying := self._flying.get(key)) is not None:
            return await asyncio.shield(flying)
        future: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._flying[key] = future
        try:
            result = self._kept(axis, question, key) or await self._ask(axis, question, wire, key)
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # seen: a question nobody else waits for must not warn
            raise
        else:
            future.set_result(result)
            return result
        finally:
            del self._flying[key]

    def _kept(self, axis: Axis, question: Question, key: str) -> Said | None:
        kept = self._cache.get(key)
        if kept is None:
            return None
        answer = self.form.read(axis, kept, question)
        if answer.outcome != "scored":
            return None
        self._spent["cached"] += 1
        return answer, kept

    async def _ask(self, axis: Axis, question: Question, wire: bytes, key: str) -> Said:
        completion = await self._client.ask(wire, question.path)
        self._spent["input_tokens"] += completion.input_tokens
        self._spent["output_tokens"] += completion.output_tokens
        answer = self.form.read(axis, completion, question)
        if answer.outcome == "scored":
            self._cache.put(key, completion)
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
        return self._client.stopped

    async def probe(self, reach: bool = False) -> Answer:
        """Ask the harmless question (from the cache, if it was asked before).

        What was kept says nothing of the endpoint today: with `reach` it has to be there, too.
        """
        calls = self._client.calls
        answer = await self.answer(self.form.axes[0], PROBE_ITEM, PROBE_PART)
        if not reach or answer.outcome != "scored" or self._client.calls > calls:
            return answer
        try:
            if not await self._client.reach():
                question = self.form.question(self.form.axes[0], PROBE_ITEM, PROBE_PART)
                await self._ask(self.form.axes[0], question, *self._wire(question))
        except JudgeFault as error:
            return Answer(None, "judge_error", str(error))
        return answer

    async def close(self) -> None:
        """Close connections and cache."""
        await self._client.close()
        self._cache.close()


def _parser(form: Form, settings: Settings) -> str:
    """How answers are asked for and read: the grammar, the form wanted where one can be, the mode.

    "auto" is JSON where the server offers it: what a judge is called must not change as it learns.
    """
    wanted = settings.structured if form.structured else ""
    return " ".join(word for word in (form.parser, wanted, settings.mode) if word)


def _shown(settings: Settings) -> str:
    return (
        f"{'+'.join(sorted(settings.modalities))}, pictures to {settings.image_side} px, "
        f"{settings.video_frames} frames of a film"
    )


def _follow_up(question: Question, completion: Completion) -> dict[str, Any]:
    """The one bounded re-ask: the conversation so far, and what was wrong with the answer."""
    said = {"role": "assistant", "content": completion.text[:2000] or "(nothing)"}
    messages = [*question.body["messages"], said, dict(question.again)]
    return {**question.body, "messages": messages}
