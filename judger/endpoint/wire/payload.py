"""A request's body in parts, written one after the other: sending copies no medium in it."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

#: A body as JSON in UTF-8: whole, or in parts that make it up.
Sent = bytes | tuple[bytes, ...]


def length(body: Sent) -> int:
    """Bytes of a body."""
    return len(body) if isinstance(body, bytes) else sum(map(len, body))


class Parts(Payload):
    """The parts for aiohttp, which sends their sum as the length of the body."""

    _value: Sequence[bytes]

    def __init__(self, parts: Sequence[bytes]) -> None:
        super().__init__(parts, content_type="application/json")
        self._size = sum(map(len, parts))

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The body as a text."""
        return b"".join(self._value).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Hand all parts to the connection, which sends them together."""
        for part in self._value:
            await writer.write(part)
