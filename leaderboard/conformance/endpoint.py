"""A judge behind an OpenAI-compatible server on localhost that errs where the table says so.

A question is known by the case in its text, `case-17`; a server that errs towards everybody has an
address of its own, with the row's name in it.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from leaderboard.conformance.answers import decide, text_of
from leaderboard.conformance.misbehaviour import Question, answer
from leaderboard.conformance.rows import Row, Serve
from leaderboard.conformance.scorer import Scorer

_CASE = re.compile(r"\bcase-(\d+)\b")
#: An everywhere row's own address where nobody listens.
NOBODY = "http://127.0.0.1:9/v1"


class Endpoint:
    """Runs in a thread of its own. `cases` says by number what happens to questions about them."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self.cases: dict[int, Serve] = {}
        self.everywhere: dict[str, Serve] = {}
        self.calls: Counter[str] = Counter()
        self._tries: Counter[tuple[str, str]] = Counter()
        self._recent: deque[tuple[str, str]] = deque(maxlen=64)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True, name="conformance")
        self._port = 0

    def __enter__(self) -> Endpoint:
        self._thread.start()
        if not self._ready.wait(30):
            raise OSError("the local judge did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def url(self, row: Row | None = None) -> str:
        """The address for a row: the usual one, or one where every question meets its fault."""
        place = "judge"
        if row is not None and row.serve is not None and row.serve.everywhere:
            if row.serve.wire == "close":
                return NOBODY
            place = row.name
            self.everywhere[place] = row.serve
        return f"http://127.0.0.1:{self._port}/{place}/v1"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/{place}/v1/chat/completions", self._chat)
        app.router.add_get("/{place}/v1/models", self._models)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        self._loop.run_until_complete(site.start())
        self._port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": "judge-1", "object": "model"}]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = await request.json()
        text = text_of(body)
        found = _CASE.search(text)
        case = found[0] if found else ""
        serve = self.everywhere.get(request.match_info["place"])
        if serve is None and found is not None:
            serve = self.cases.get(int(found[1]))
        self.calls["questions"] += 1
        question = self._question(body, case)
        if serve is not None and self._applies(serve, case, body):
            self.calls["faults"] += 1
            return await answer(serve, question, request)
        return await answer(Serve(), question, request)

    def _question(self, body: Mapping[str, Any], case: str) -> Question:
        """The question with its sound answer, and the sound answer to one of another case."""
        verdict = decide(body)
        sound = self._scorer.speak(body, verdict)
        other = next((said for of, said in reversed(self._recent) if of != case), sound)
        self._recent.append((case, sound))
        return Question(sound, verdict, other)

    def _applies(self, serve: Serve, case: str, body: Mapping[str, Any]) -> bool:
        axis = axis_of(body)
        if serve.axis is not None and axis is not None and axis != serve.axis:
            return False
        self._tries[case, str(axis)] += 1
        return not serve.times or self._tries[case, str(axis)] <= serve.times


async def _end_all() -> None:
    """End answers that were meant never to end."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def axis_of(body: Mapping[str, Any]) -> str | None:
    """The axis of a question in our form; None in any other."""
    text = text_of(body)
    if "The reply to classify" not in text:
        return None
    return "contextual" if "given what was asked" in text else "intrinsic"
