"""The intent extractor: what lies behind a prompt that comes without one, by templates/judger.

A chat model is asked once a prompt, by a strict form; answers are kept in the judge's cache. A
prompt whose intent could not be had stays without one: nothing is made up.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.contract.item import Item
from judger.contract.settings import Settings
from judger.engine.progress import Progress
from judger.media.files import MediaError, checked
from judger.offline.extractor import Extractor
from judger.offline.jsonl import LineError, rows
from judger.offline.partial import written_whole

WINDOW = 4


@dataclass
class Extraction:
    """What came of a file: intents written, lines that had one, and what failed by outcome."""

    written: int = 0
    kept: int = 0
    calls: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    stopped: str = ""


def extract(settings: Settings, source: Path, target: Path) -> Extraction:
    """Write `source`'s lines to `target` with their intents; LineError, SettingsError, OSError."""
    progress, total = Progress(), 0
    for number, row in rows(source):  # every line, before the first costs anything
        _item(source, number, row)
        total += 1
    progress.expect(total)
    return asyncio.run(_extract(settings, source, target, progress))


async def _extract(
    settings: Settings, source: Path, target: Path, progress: Progress
) -> Extraction:
    extractor, done = Extractor(settings), Extraction()
    try:
        # A lone surrogate has no UTF-8: Python's escape for it is JSON's, too.
        with written_whole(target, errors="backslashreplace") as out:
            async for row, outcome in _stream(extractor, source, progress):
                done.kept += outcome == "kept"
                done.written += outcome == ""
                done.failed.update([outcome] if outcome not in ("", "kept") else [])
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        done.calls = extractor.client.calls
        done.stopped = extractor.client.stopped or extractor.budget.stopped
        if not done.stopped:
            extractor.budget.finish()
    finally:
        progress.close()
        await extractor.close()
    return done


async def _stream(
    extractor: Extractor, source: Path, progress: Progress
) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """(row, outcome) in the file's order; at most `WINDOW` × concurrency are in memory."""
    flying: deque[asyncio.Task[tuple[dict[str, Any], str]]] = deque()
    for number, row in rows(source):
        task = asyncio.create_task(_one(extractor, source, number, row))
        task.add_done_callback(lambda done: _count(progress, done))
        flying.append(task)
        progress.handed_in()
        progress.show()
        if len(flying) >= WINDOW * extractor.settings.concurrency:
            yield await flying.popleft()
    while flying:
        yield await flying.popleft()


def _count(progress: Progress, done: asyncio.Task[tuple[dict[str, Any], str]]) -> None:
    lost = done.cancelled() or done.exception() is not None
    outcome = "lost" if lost else done.result()[1]
    progress.ended("scored" if outcome in ("", "kept") else outcome, "", 0.0)


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
