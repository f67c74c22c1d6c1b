"""A client of a judge in front of a local server."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from judger.contract.settings import Settings
from judger.endpoint.client import Client
from judger.endpoint.faults import (
    JudgeFault,
)


class Served(Protocol):
    """A server at an address."""

    url: str


BODY = b'{"model": "m", "messages": []}'


KEY = "key-that-nobody-may-see"


def with_client(server: Served, use: Any, **fields: Any) -> Any:
    """Run `use(client)` in a loop of its own."""

    async def run() -> Any:
        usual: dict[str, Any] = {"model": "m", "base_url": server.url, "api_key": KEY}
        client = Client(Settings(**{**usual, "timeout": 5, "deadline": 30, "retries": 3, **fields}))
        try:
            return await use(client)
        finally:
            await client.close()

    return asyncio.run(run())


async def asked(client: Client, path: str = "/chat/completions", body: bytes = BODY) -> str:
    """The text of an answer, or the name and words of the fault."""
    try:
        return (await client.ask(body, path)).text
    except JudgeFault as fault:
        return f"{type(fault).__name__}: {fault}"
