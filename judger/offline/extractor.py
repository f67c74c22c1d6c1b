"""Asking a chat model for the intent behind one prompt, by a strict form (`offline.intents`)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from judger.contract.item import Item
from judger.contract.settings import Settings, SettingsError, require_endpoint
from judger.endpoint.budget import Budget
from judger.endpoint.cache import key_of, opened
from judger.endpoint.client import Client
from judger.endpoint.faults import JudgeBudgetSpent, JudgeFault, JudgeFiltered
from judger.endpoint.grammar.completion import Completion
from judger.endpoint.grammar.strict_json import loads, valid_text
from judger.endpoint.wire.payload import Sent
from judger.judges.asking.manner import Manner
from judger.judges.base import Question
from judger.judges.prompting import intent_messages
from judger.judges.ticket import hashed, request_facts
from judger.judges.verdict import ended_early
from judger.media.encoded import body_of, spelled
from judger.media.files import RequestMediaError

WORDS = range(8, 101)


def read_intent(completion: Completion, ticket: str) -> tuple[str, str]:
    """(intent, "") or ("", outcome): one JSON object with our ticket and 8 to 100 words."""
    if (early := ended_early(completion)) is not None:
        return "", early.outcome
    try:
        loaded = loads(completion.text)
    except ValueError:
        return "", "judge_unparsable"
    if not isinstance(loaded, dict) or set(loaded) != {"ticket", "intent"}:
        return "", "judge_unparsable"
    intent = loaded["intent"]
    if loaded["ticket"] != ticket or not isinstance(intent, str):
        return "", "judge_unparsable"
    intent = " ".join(valid_text(intent).split())
    return (intent, "") if len(intent.split()) in WORDS else ("", "judge_unparsable")


class _Form:
    """With structured output or without: the prompt asks for the same object in both."""

    def __init__(self, settings: Settings) -> None:
        self._auto = settings.structured == "auto"
        self.structured = "line" if settings.structured == "line" else "json"

    def simpler(self, question: Question) -> bool:
        """Without `response_format`, where the user lets us."""
        if not self._auto or "response_format" not in question.body:
            return False
        self.structured = "line"
        return True


class Extractor:
    """Asks for intents. Made and used in one event loop."""

    def __init__(self, settings: Settings) -> None:
        if settings.backend != "openai":
            raise SettingsError(
                f"intents are written by a chat model, and UNI_JUDGER_BACKEND is "
                f"{settings.backend!r}: set it to openai, with UNI_JUDGER_MODEL and …_BASE_URL"
            )
        require_endpoint(settings)
        self.settings = settings
        self.budget = Budget(settings)
        self.client = Client(settings, self.budget, self._harmless)
        self._cache = opened(settings)
        self._form = _Form(settings)
        name = f"manner intents {hashed(settings.base_url)} {settings.model} {settings.structured}"
        self._manner = Manner(self._form, self._cache, name, self._probe)

    async def intent(self, item: Item) -> tuple[str, str]:
        """(intent, "") or ("", outcome)."""
        ticket = hashed({"intent": request_facts(item), "judge": self.settings.model})
        try:
            messages = await asyncio.to_thread(intent_messages, item, ticket, self.settings)
            intent, outcome = await self._ask(messages, ticket)
            if outcome == "judge_unparsable":
                again = {"role": "user", "content": f"Answer in the form asked for ({ticket})."}
                intent, outcome = await self._ask([*messages, again], ticket, self._key(messages))
        except JudgeFiltered:
            return "", "judge_refusal"
        except JudgeBudgetSpent:
            return "", "judge_budget"
        except (JudgeFault, RequestMediaError):
            return "", "judge_error"
        return intent, outcome

    def _question(self, messages: list[dict[str, Any]]) -> Question:
        body = self._body(messages)
        if self._form.structured == "json":
            body["response_format"] = _SCHEMA
        return Question(body)

    def _probe(self) -> Question:
        return self._question([{"role": "user", "content": "Say hello."}])

    def _wire(self, question: Question) -> Sent:
        return body_of(self._manner.dialect.body(question.body)).sent

    def _harmless(self) -> tuple[Sent, str]:
        question = self._probe()
        return self._wire(question), question.path

    def _body(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.settings.model, "messages": messages}
        return body | {"temperature": 0, "max_tokens": self.settings.max_tokens}

    def _key(self, messages: list[dict[str, Any]]) -> str:
        # Without the form of the answer: the prompt asks for the same object with and without it.
        asked = json.dumps(self._body(messages), sort_keys=True, default=spelled).encode()
        return key_of("intents", self.settings.revision, "", "/chat/completions", asked)

    async def _ask(
        self, messages: list[dict[str, Any]], ticket: str, first: str = ""
    ) -> tuple[str, str]:
        """Ask, or look up; `first` is the key of the question that this one repeats."""
        key = first or self._key(messages)
        if not first and (kept := self._cache.get(key)) is not None:
            return read_intent(kept, ticket)

        async def made() -> Question:
            return self._question(messages)

        async def sent(question: Question, trying: bool) -> Completion:
            wire = self._wire(question)
            completion = await self.client.ask(wire, question.path, trying)
            self.budget.pay_for(self.settings, completion, len(wire), self.settings.max_tokens)
            return completion

        _, completion = await self._manner.ask(made, sent)
        intent, outcome = read_intent(completion, ticket)
        if intent:
            self._cache.put(key, completion)
        return intent, outcome

    async def close(self) -> None:
        """Close connections and cache."""
        await self.client.close()
        self._cache.close()
        self.budget.close()


_SCHEMA: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "uni_judger_intent",
        "strict": True,
        "schema": {
            "type": "object",
            "additionalProperties": False,
            "required": ["ticket", "intent"],
            "properties": {"ticket": {"type": "string"}, "intent": {"type": "string"}},
        },
    },
}
