"""One request to an OpenAI-compatible server and its whole answer, within bounds of size and time.

The `openai` package knows the headers and authorises, over its aiohttp transport. Making a request
of a body that is JSON already is not left to its `post`, which spends more CPU on that than on
sending it; nor are attempts, which know nothing of the other questions in flight.

Proxies and certificates are those of the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY,
SSL_CERT_FILE, SSL_CERT_DIR), as for every other client on the machine.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from http import HTTPStatus

import aiohttp
import httpx2
import openai

from judger.contract.settings import Settings, SettingsError
from judger.endpoint.address import request_url, shown, versioned
from judger.endpoint.faults import HttpFault, retry_after
from judger.endpoint.grammar.completion import Completion, read_body
from judger.endpoint.grammar.signalled import ErrorInside, inner_status

#: No answer of a judge is longer: bytes.
MAX_ANSWER = 4 * 1024 * 1024

#: What may go better the next time; everything else that is raised is a bug and is not hidden.
#: The transport lets through what aiohttp raises of an answer that is no HTTP, and the operating
#: system's own errors.
TRANSIENT = (
    *(HttpFault, httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError),
    *(OSError, ValueError, RecursionError),
)


class Transport:
    """The connections to one endpoint. Made and used in one event loop."""

    def __init__(self, settings: Settings) -> None:
        key = settings.api_key.get_secret_value()
        self._base_url = settings.base_url
        self._http = _client(settings.base_url)
        self._openai = openai.AsyncOpenAI(
            base_url=shown(settings.base_url), api_key=key or "none", http_client=self._http
        )
        headers = {**self._openai.default_headers, **self._openai.auth_headers}
        if key and versioned(settings.base_url):
            headers["api-key"] = key
        self._http.headers.update(
            {
                name: value
                for name, value in headers.items()
                if isinstance(value, str) and not name.lower().startswith("x-stainless-")
            }
        )
        self._addresses: dict[str, httpx2.URL] = {}

    async def completion(self, path: str, body: bytes, seconds: float) -> Completion:
        """The completion that `body` (JSON of a request) asks for; raises one of `TRANSIENT`.

        An error that stands in the body of a 200 is an HttpFault with the status it speaks of.
        """
        content, wait = await self._answer("POST", path, body, seconds)
        try:
            return read_body(content)
        except ErrorInside as inside:
            said = json.dumps(inside.error).encode()
            raise HttpFault(inner_status(inside.error), said, wait) from None

    async def reach(self, path: str, seconds: float) -> bytes:
        """A resource that costs nothing; raises one of `TRANSIENT` unless it is there."""
        return (await self._answer("GET", path, None, seconds))[0]

    async def _answer(
        self, method: str, path: str, body: bytes | None, seconds: float
    ) -> tuple[bytes, float]:
        """The body of a 200 and its Retry-After; raises one of `TRANSIENT` for anything else."""
        if (url := self._addresses.get(path)) is None:
            url = httpx2.URL(request_url(self._base_url, path))
            self._addresses[path] = url
        request = self._http.build_request(method, url, content=body, timeout=seconds)
        response = await self._http.send(request, stream=True)
        try:
            content = await _content(response, seconds)
        finally:
            await response.aclose()
        wait = retry_after(response.headers)
        if response.status_code != HTTPStatus.OK:
            raise HttpFault(response.status_code, content, wait)
        return content, wait

    async def close(self) -> None:
        """Close the connections."""
        await self._openai.close()


def _client(base_url: str) -> httpx2.AsyncClient:
    """A client that takes proxies and certificates from the environment."""
    try:
        return openai.DefaultAioHttpClient(follow_redirects=False)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise SettingsError(
            f"the judge at {shown(base_url)} cannot be reached as the environment says "
            f"({' '.join(str(error).split())}): look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, "
            "SSL_CERT_FILE and SSL_CERT_DIR"
        ) from None


async def _content(response: httpx2.Response, seconds: float) -> bytes:
    """The whole body; ValueError when it is too long, or comes by drops and drops."""
    loop, content = asyncio.get_running_loop(), bytearray()
    ends = loop.time() + seconds
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MAX_ANSWER:
            raise ValueError(f"an answer of more than {MAX_ANSWER} bytes")
        if loop.time() > ends:
            raise ValueError(f"an answer that took more than {seconds:.0f} s")
    return bytes(content)
