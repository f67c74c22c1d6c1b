"""One request to an OpenAI-compatible server and its whole answer, within bounds of size and time.

aiohttp carries the question. The `openai` package is not asked: importing it takes 0.6 s of CPU in
every process that judges, making a request there more than sending it, and its attempts know
nothing of the other questions in flight.

Proxies and certificates are those of the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY,
SSL_CERT_FILE, SSL_CERT_DIR), as for every other client on the machine.
"""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from http import HTTPStatus

import aiohttp

from judger.contract.settings import Settings, SettingsError
from judger.endpoint.address import request_url, shown
from judger.endpoint.faults import HttpFault, retry_after
from judger.endpoint.grammar.completion import Completion, read_body
from judger.endpoint.grammar.signalled import ErrorInside, inner_status
from judger.endpoint.wire.certificates import trusted
from judger.endpoint.wire.headers import headers_of
from judger.endpoint.wire.payload import Parts, Sent
from judger.endpoint.wire.proxies import proxy_for

#: No answer of a judge is longer: bytes.
MAX_ANSWER = 4 * 1024 * 1024
#: Seconds that a connection is kept for the next question: shorter than servers keep theirs.
KEEP_ALIVE = 4.0

#: What may go better the next time; everything else that is raised is a bug and is not hidden.
TRANSIENT = (
    HttpFault,
    aiohttp.ClientError,
    asyncio.TimeoutError,
    OSError,
    ValueError,
    RecursionError,
)


class Transport:
    """The connections to one endpoint. Used in one event loop, which need not run yet when a
    transport is made."""

    def __init__(self, settings: Settings) -> None:
        self._base_url = settings.base_url
        self._certificates, self._proxy = _surroundings(settings.base_url)
        self._headers = headers_of(settings)
        self._opened: aiohttp.ClientSession | None = None
        self._addresses: dict[str, str] = {}

    async def completion(self, path: str, body: Sent, seconds: float) -> Completion:
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
        self, method: str, path: str, body: Sent | None, seconds: float
    ) -> tuple[bytes, float]:
        """The body of a 200 and its Retry-After; raises one of `TRANSIENT` for anything else."""
        if (url := self._addresses.get(path)) is None:
            url = self._addresses[path] = request_url(self._base_url, path)
        async with self._session().request(
            method,
            url,
            data=Parts(body) if isinstance(body, tuple) else body,
            allow_redirects=False,
            proxy=self._proxy,
            timeout=_timeout(seconds),
        ) as response:
            content = await _content(response, seconds)
            wait = retry_after(response.headers)
            if response.status != HTTPStatus.OK:
                raise HttpFault(response.status, content, wait)
            return content, wait

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.close()

    def _session(self) -> aiohttp.ClientSession:
        """The connections, opened with the first question: that wants a running loop."""
        if self._opened is None:
            connector = aiohttp.TCPConnector(
                ssl=self._certificates,
                limit=0,  # `endpoint.limiter` says how many
                keepalive_timeout=KEEP_ALIVE,
            )
            self._opened = aiohttp.ClientSession(connector=connector, headers=self._headers)
        return self._opened


def _surroundings(base_url: str) -> tuple[ssl.SSLContext, str | None]:
    """The certificates that are trusted and the proxy, by the environment."""
    try:
        return trusted(), proxy_for(base_url)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise SettingsError(
            f"the judge at {shown(base_url)} cannot be reached as the environment says "
            f"({' '.join(str(error).split())}): look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, "
            "SSL_CERT_FILE and SSL_CERT_DIR"
        ) from None


@functools.lru_cache(maxsize=8)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    """So long for each step: a connection, and each piece of an answer."""
    return aiohttp.ClientTimeout(connect=seconds, sock_connect=seconds, sock_read=seconds)


async def _content(response: aiohttp.ClientResponse, seconds: float) -> bytes:
    """The whole body; ValueError when it is too long, or comes by drops and drops."""
    loop, content = asyncio.get_running_loop(), bytearray()
    ends = loop.time() + seconds
    async for piece in response.content.iter_any():
        content += piece
        if len(content) > MAX_ANSWER:
            raise ValueError(f"an answer of more than {MAX_ANSWER} bytes")
        if loop.time() > ends:
            raise ValueError(f"an answer that took more than {seconds:.0f} s")
    return bytes(content)
