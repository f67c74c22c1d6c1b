"""The intent extractor: what lies behind a prompt that comes without one, by templates/judger.

A chat model is asked once a prompt, by a strict form; answers are kept in the judge's cache. A
prompt whose intent could not be had stays without one: nothing is made up.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.contract.item import Item
from judger.contract.settings import Settings, SettingsError, require_endpoint
from judger.endpoint.cache import Cache, key_of
from judger.endpoint.client import Client, JudgeFault, JudgeFiltered, JudgeRejected
from judger.judges.prompting import intent_messages
from judger.judges.verdict import Completion, ended_early
from judger.media.files import MediaError, RequestMediaError, checked
from judger.offline.jsonl import LineError, rows

WORDS = range(8, 101)
WINDOW = 4


@dataclass
class Extraction:
    """What came of a file: intents written, lines that had one, and what failed by outcome."""

    written: int = 0
    kept: int = 0
    calls: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    stopped: str = ""


def read_intent(completion: Completion, ticket: str) -> tuple[str, str]:
    """(intent, "") or ("", outcome): one JSON object with our ticket and 8 to 100 words."""
    if (early := ended_early(completion)) is not None:
        return "", early.outcome
    try:
        loaded = json.loads(completion.text)
    except (ValueError, RecursionError):
        return "", "judge_unparsable"
    if not isinstance(loaded, dict) or set(loaded) != {"ticket", "intent"}:
        return "", "judge_unparsable"
    intent = loaded["intent"]
    if loaded["ticket"] != ticket or not isinstance(intent, str):
        return "", "judge_unparsable"
    intent = " ".join(intent.split())
    return (intent, "") if len(intent.split()) in WORDS else ("", "judge_unparsable")


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
        self.client = Client(settings)
        self._cache = Cache(settings.cache_dir)
        self._structured = settings.structured != "line"

    async def intent(self, item: Item) -> tuple[str, str]:
        """(intent, "") or ("", outcome)."""
        ticket = hashlib.sha256(b"uni-judger/intent/1\0" + item.prompt.encode()).hexdigest()[:16]
        try:
            messages = await asyncio.to_thread(intent_messages, item, ticket, self.settings)
            intent, outcome = await self._ask(messages, ticket)
            if outcome == "judge_unparsable":
                again = {"role": "user", "content": f"Answer in the form asked for ({ticket})."}
                intent, outcome = await self._ask([*messages, again], ticket, self._key(messages))
        except JudgeFiltered:
            return "", "judge_refusal"
        except (JudgeFault, RequestMediaError):
            return "", "judge_error"
        return intent, outcome

    def _body(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.settings.model, "messages": messages}
        return body | {"temperature": 0, "max_tokens": self.settings.max_tokens}

    def _key(self, messages: list[dict[str, Any]]) -> str:
        # Without the form of the answer: the prompt asks for the same object with and without it.
        asked = json.dumps(self._body(messages), sort_keys=True).encode()
        return key_of("intents", self.settings.revision, "/chat/completions", asked)

    async def _ask(
        self, messages: list[dict[str, Any]], ticket: str, first: str = ""
    ) -> tuple[str, str]:
        """Ask, or look up; `first` is the key of the question that this one repeats."""
        body, key = self._body(messages), first or self._key(messages)
        if not first and (kept := self._cache.get(key)) is not None:
            return read_intent(kept, ticket)
        try:
            completion = await self.client.ask(json.dumps(body | self._form()).encode())
        except JudgeRejected:
            if self.settings.structured != "auto" or not self._structured:
                raise
            self._structured = False  # this server has no structured output
            completion = await self.client.ask(json.dumps(body).encode())
        intent, outcome = read_intent(completion, ticket)
        if intent:
            self._cache.put(key, completion)
        return intent, outcome

    def _form(self) -> dict[str, Any]:
        if not self._structured:
            return {}
        texts = {"ticket": {"type": "string"}, "intent": {"type": "string"}}
        schema = {
            "type": "object",
            "additionalProperties": False,
            "required": list(texts),
            "properties": texts,
        }
        named = {"name": "uni_judger_intent", "strict": True, "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": named}}

    async def close(self) -> None:
        """Close connections and cache."""
        await self.client.close()
        self._cache.close()


def extract(settings: Settings, source: Path, target: Path) -> Extraction:
    """Write `source`'s lines to `target` with their intents; LineError, SettingsError, OSError."""
    for number, row in rows(source):  # every line, before the first costs anything
        _item(source, number, row)
    return asyncio.run(_extract(settings, source, target))


async def _extract(settings: Settings, source: Path, target: Path) -> Extraction:
    extractor, done = Extractor(settings), Extraction()
    partial = target.with_name(target.name + ".partial")
    try:
        # A lone surrogate has no UTF-8: Python's escape for it is JSON's, too.
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as out:
            async for row, outcome in _stream(extractor, source):
                done.kept += outcome == "kept"
                done.written += outcome == ""
                done.failed.update([outcome] if outcome not in ("", "kept") else [])
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        partial.rename(target)
        done.calls, done.stopped = extractor.client.calls, extractor.client.stopped
    finally:
        await extractor.close()
        partial.unlink(missing_ok=True)
    return done


async def _stream(extractor: Extractor, source: Path) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """(row, outcome) in the file's order; at most `WINDOW` × concurrency are in memory."""
    flying: deque[asyncio.Task[tuple[dict[str, Any], str]]] = deque()
    for number, row in rows(source):
        flying.append(asyncio.create_task(_one(extractor, source, number, row)))
        if len(flying) >= WINDOW * extractor.settings.concurrency:
            yield await flying.popleft()
    while flying:
        yield await flying.popleft()


async def _one(
    extractor: Extractor, source: Path, number: int, row: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    if row.get("intent"):
        return row, "kept"
    intent, outcome = await extractor.intent(_item(source, number, row))
    return (row | {"intent": intent} if intent else row), outcome


def _item(source: Path, number: int, row: Mapping[str, Any]) -> Item:
    """The request of a line; its media lie below the file's folder."""
    if not isinstance(row.get("prompt"), str) or not row["prompt"].strip():
        raise LineError(f"{source}:{number}: prompt: a text is wanted")
    folder = source.resolve().parent
    facts: dict[str, Any] = {
        key: str(row.get(key) or "") for key in ("category", "task_type", "media_text")
    }
    for kind in ("image", "audio", "video"):
        named = row.get(f"request_{kind}") or ""
        try:
            facts[kind] = str(checked(str(folder / str(named)), [folder])) if named else ""
        except MediaError as error:
            raise LineError(f"{source}:{number}: request_{kind}: {error}") from None
    return Item(item_id=str(number), prompt=row["prompt"], **facts)
