"""One request to an OpenAI-compatible server and its whole answer, within bounds of size and time.

The `openai` package knows the address, authorises and sends, over its aiohttp transport. Making a
request of a body that is JSON already is not left to its `post`, which spends more CPU on that than
on sending it; nor are attempts, which know nothing of the other questions in flight.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus

import aiohttp
import httpx2
import openai

from judger.contract.settings import Settings
from judger.endpoint.completion import read_completion, retry_after, said
from judger.endpoint.provider_errors import moderated, unpaid
from judger.judges.verdict import Completion

#: No answer of a judge is longer: bytes.
MAX_ANSWER = 4 * 1024 * 1024


class HttpFault(Exception):
    """An answer that is none: its status, what the server said of it, and what follows from that.

    `retry_after` is how long the server asks to wait (s); `blocked`, a filter refused the request;
    `unpaid`, the account has no credit left.
    """

    def __init__(self, status: int, body: bytes = b"", wait: float = 0.0) -> None:
        super().__init__(f"HTTP {status} {said(body)}".strip())
        text = body[:MAX_ANSWER].decode("utf-8", "replace")
        self.status, self.retry_after = status, wait
        self.blocked, self.unpaid = moderated(status, text), unpaid(status, text)


#: What may go better the next time; everything else that is raised is a bug and is not hidden.
#: The transport lets through what aiohttp raises of an answer that is no HTTP.
_HTTP = (HttpFault, httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError)
TRANSIENT = (*_HTTP, ValueError, RecursionError)


class Transport:
    """The connections to one endpoint. Made and used in one event loop."""

    def __init__(self, settings: Settings) -> None:
        key = settings.api_key.get_secret_value()
        self._http = openai.DefaultAioHttpClient(trust_env=False, follow_redirects=False)
        self._openai = openai.AsyncOpenAI(
            base_url=settings.base_url, api_key=key or "none", http_client=self._http
        )
        headers = {**self._openai.default_headers, **self._openai.auth_headers}
        self._http.headers.update(
            {
                name: value
                for name, value in headers.items()
                if isinstance(value, str) and not name.lower().startswith("x-stainless-")
            }
        )
        self._addresses: dict[str, httpx2.URL] = {}

    async def completion(self, path: str, body: bytes, seconds: float) -> Completion:
        """The completion that `body` (JSON of a request) asks for; raises one of `TRANSIENT`."""
        return read_completion(json.loads(await self.whole("POST", path, body, seconds)))

    async def whole(self, method: str, path: str, body: bytes | None, seconds: float) -> bytes:
        """The body of a 200; raises one of `TRANSIENT` for anything else."""
        if (url := self._addresses.get(path)) is None:
            url = httpx2.URL(f"{self._openai.base_url}".rstrip("/") + path)
            self._addresses[path] = url
        request = self._http.build_request(method, url, content=body, timeout=seconds)
        response = await self._http.send(request, stream=True)
        try:
            content = await _content(response, seconds)
        finally:
            await response.aclose()
        if response.status_code != HTTPStatus.OK:
            raise HttpFault(response.status_code, content, retry_after(response.headers))
        return content

    async def close(self) -> None:
        """Close the connections."""
        await self._openai.close()


async def _content(response: httpx2.Response, seconds: float) -> bytes:
    """The whole body; ValueError when it is too long, or comes by drops and drops."""
    loop, content = asyncio.get_running_loop(), b""
    ends = loop.time() + seconds
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MAX_ANSWER:
            raise ValueError(f"an answer of more than {MAX_ANSWER} bytes")
        if loop.time() > ends:
            raise ValueError(f"an answer that took more than {seconds:.0f} s")
    return content
