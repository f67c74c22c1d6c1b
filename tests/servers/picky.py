"""A judge that refuses requests by what stands in them: a parameter it does not know, or a word."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from tests.servers.judge import JudgeServer, Script, error

#: What is refused -> (status, message of the error, or HTML of a gateway).
Refusals = Mapping[str, tuple[int, str]]


class PickyServer(JudgeServer):
    """`parameters` are refused as fields of the body, `words` wherever they stand in it."""

    def __init__(
        self, parameters: Refusals | None = None, words: Refusals | None = None, **script: object
    ) -> None:
        super().__init__(Script(**script))  # type: ignore[arg-type]
        self.parameters, self.words = dict(parameters or {}), dict(words or {})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body, text = await request.json(), await request.text()
        refused = [said for name, said in self.parameters.items() if name in body]
        refused += [said for word, said in self.words.items() if word in text]
        if not refused:
            return await super()._answer(request)
        self.seen["calls"] += 1
        self.seen["refused"] += 1
        status, message = refused[0]
        if message.startswith("<"):
            return web.Response(text=message, status=status, content_type="text/html")
        return error(status, message)
