"""One question to an any-to-any server: sent, read within bounds, tried again where that helps.

The `openai` package authorises and sends. Attempts are ours: it would wait through a 429 that says
the account is empty, and lets through a body that is no JSON, or a connection lost in its middle.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from judger.endpoint.faults import retry_after
from judger.endpoint.provider_errors import moderated, unpaid
from judger.media.bounds import MAX_BYTES
from uni_safe_tasks.models.sent_pictures import Unusable
from uni_safe_tasks.models.server_answers import Answered, Blocked, Broken

#: No answer is longer: bytes, of pictures in base64.
MAX_BODY = 2 * MAX_BYTES
#: Seconds: the first wait, the longest, and the longest that a server may ask for.
FIRST_WAIT, LAST_WAIT, ASKED_WAIT = 0.5, 8.0, 120.0
_PASSING = {408, 409, 429}
Upload = tuple[str, tuple[str, bytes, str]]


class Lost(Exception):
    """No whole answer came: a connection lost or never made, or a timeout."""


class Unpaid(Exception):
    """The account has no credit left."""


@dataclass(frozen=True)
class Asker:
    """Asks one server; `retries` further attempts of `timeout` seconds each."""

    client: openai.AsyncOpenAI
    retries: int
    timeout: float

    async def ask(
        self,
        path: str,
        body: Mapping[str, Any],
        read: Callable[[Any], Answered],
        files: Sequence[Upload] = (),
    ) -> Answered:
        """What `read` makes of the answer's JSON.

        Raises Blocked, Unpaid, Unusable, and after all attempts Lost or openai.APIStatusError.
        """
        attempts = 0
        while True:
            try:
                return await self._once(path, body, read, files)
            except (openai.APIStatusError, Lost, Broken) as error:
                attempts += 1
                wait = _wait(error, attempts)
                if attempts > self.retries or wait is None:
                    raise
            await asyncio.sleep(wait)

    async def _once(
        self,
        path: str,
        body: Mapping[str, Any],
        read: Callable[[Any], Answered],
        files: Sequence[Upload],
    ) -> Answered:
        try:
            content = await asyncio.wait_for(self._content(path, body, files), self.timeout)
            return read(json.loads(content))
        except openai.APIStatusError as error:
            said = error.response.text
            if moderated(error.status_code, said):
                raise Blocked(str(error)) from error
            if unpaid(error.status_code, said):
                raise Unpaid(str(error)) from error
            raise
        except (openai.APIError, httpx2.HTTPError, OSError, asyncio.TimeoutError) as error:
            raise Lost(f"{type(error).__name__}: {error}") from error
        except (ValueError, RecursionError) as error:
            raise Broken(f"no JSON: {error}") from error

    async def _content(self, path: str, body: Mapping[str, Any], files: Sequence[Upload]) -> bytes:
        form: Any = {"headers": {"Content-Type": "multipart/form-data"}} if files else {}
        stream = await self.client.post(
            path,
            cast_to=object,
            body=body,
            files=list(files) or None,
            options=form,
            stream=True,  # that is: the body is not read yet
            stream_cls=openai.AsyncStream[Any],
        )
        content = bytearray()
        try:
            async for piece in stream.response.aiter_bytes():
                content += piece
                if len(content) > MAX_BODY:
                    raise Unusable(f"an answer of more than {MAX_BODY} bytes")
        finally:
            await stream.close()
        return bytes(content)


def _wait(error: Exception, attempts: int) -> float | None:
    """Seconds before the next attempt; None where none would help."""
    if isinstance(error, openai.APIStatusError):
        if error.status_code not in _PASSING and error.status_code < 500:
            return None
        if asked := retry_after(error.response.headers):
            return asked if asked <= ASKED_WAIT else None
    return random.uniform(0.75, 1.0) * min(LAST_WAIT, FIRST_WAIT * float(2 ** (attempts - 1)))
