"""The asynchronous client to an OpenAI-compatible endpoint: adaptive, patient, quick to give up.

Concurrency starts at what the user set, halves on 429 and grows back (`judger.limiter`); transient
faults are tried again with jittered back-off, Retry-After is honoured, and every question has one
deadline over all its attempts. 400 is the request's own fault; 401, 403 and 404 stop the run; so
does a circuit breaker when the endpoint is gone.

The `openai` package knows the address, authorises and sends, over its aiohttp transport. Two things
are not left to its `post`: attempts, because its own know nothing of the other questions in flight,
and making a request of a body that is JSON already, on which it spends more CPU than on sending it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from http import HTTPStatus

import httpx2
import openai

from judger.limiter import Limiter
from judger.settings import Settings
from judger.verdict import Completion
from judger.wire import read_completion, retry_after, said

#: So many attempts that failed in a row open the circuit: nothing is sent for a while, each time
#: for longer. Where that helped nobody so many times (or `retries`), the endpoint is gone.
BREAKER_FAILURES = 12
BREAKER_TRIPS = 3
MAX_WAIT = 60.0
_FATAL = {301, 302, 303, 307, 308, 401, 403, 404, 405}
_REJECTED = {400, 413, 415, 422}


class JudgeFault(Exception):
    """The judge could not be asked about this one part; the run goes on."""


class JudgeStopped(JudgeFault):
    """The judge cannot be asked about anything any more; nothing further is sent."""


class JudgeRejected(JudgeFault):
    """The server did not take this request (400, 413, 415, 422)."""


class JudgeFiltered(JudgeFault):
    """The judge's own provider refused to read the part."""


class HttpFault(Exception):
    """An answer that is none: status, what the server said of it, how long it asks to wait (s)."""

    def __init__(self, status: int, text: str, retry_after: float = 0.0) -> None:
        super().__init__(f"HTTP {status} {text}".strip())
        self.status, self.text, self.retry_after = status, text, retry_after


#: What may go better the next time; everything else that is raised is a bug and is not hidden.
_TRANSIENT = (HttpFault, httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError)
#: No answer of a judge is longer: bytes.
MAX_ANSWER = 4 * 1024 * 1024


class Client:
    """Sends bodies to `chat/completions` or `completions`. Made and used in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key = settings.api_key.get_secret_value()
        self.limiter = Limiter(settings.concurrency)
        self.stopped = ""
        self.calls = 0
        self._answered = self._failures = self._trips = 0
        self._stop = asyncio.Event()
        self._http = openai.DefaultAioHttpClient(trust_env=False, follow_redirects=False)
        self._openai = openai.AsyncOpenAI(
            base_url=settings.base_url, api_key=self._key or "none", http_client=self._http
        )
        headers = {**self._openai.default_headers, **self._openai.auth_headers}
        self._http.headers.update(
            {
                name: said
                for name, said in headers.items()
                if isinstance(said, str) and not name.lower().startswith("x-stainless-")
            }
        )
        self._addresses: dict[str, httpx2.URL] = {}

    async def ask(self, body: bytes, path: str = "/chat/completions") -> Completion:
        """Ask until an answer came; raises JudgeFault (this part) or JudgeStopped (every part).

        `body` is the JSON of the request. The deadline counts from the first attempt: waiting for a
        free place among thousands of questions is nobody's fault.
        """
        loop, ends, tries, attempts = asyncio.get_running_loop(), 0.0, 0, 0
        answered = self._answered
        while True:
            epoch, trip = await self.limiter.take(ahead=attempts > 0), self._trips
            try:
                if self.stopped:
                    raise JudgeStopped(self.stopped)
                ends = ends or loop.time() + self._settings.deadline
                attempts += 1
                completion = await self._once(body, path, max(0.001, ends - loop.time()))
                self._succeeded()
                return completion
            except _TRANSIENT as error:
                fault: Exception = error
                wait = self._triage(fault, attempts, epoch)
            finally:
                self.limiter.leave()
            # A server that answers others only paces us; one that answers nobody may be gone.
            paced = _status(fault) == HTTPStatus.TOO_MANY_REQUESTS and self._answered > answered
            answered, tries = self._answered, tries + (not paced)
            self._failed(fault, trip)
            if tries > self._settings.retries or loop.time() + wait >= ends:
                why = f"no answer after {attempts} attempts, next in {wait:.1f} s"
                raise JudgeFault(f"{why}: {self._short(fault)}") from None
            await self._sleep(wait)  # without a place: others go on meanwhile

    async def _once(self, body: bytes, path: str, left: float) -> Completion:
        self.calls += 1
        timeout = min(self._settings.timeout, left)
        if (url := self._addresses.get(path)) is None:
            url = httpx2.URL(f"{self._openai.base_url}".rstrip("/") + path)
            self._addresses[path] = url
        request = self._http.build_request("POST", url, content=body, timeout=timeout)
        response = await self._http.send(request, stream=True)
        try:
            content = await _content(response, timeout)
        finally:
            await response.aclose()
        if response.status_code != HTTPStatus.OK:
            raise HttpFault(response.status_code, said(content), retry_after(response.headers))
        return read_completion(json.loads(content))

    def _triage(self, fault: Exception, attempts: int, epoch: int) -> float:
        """Seconds to wait before the next attempt; raises where there can be none."""
        status, text = _status(fault), self._short(fault)
        if status in _FATAL:
            raise self._halt(f"the judge's endpoint answers {text}") from None
        if status == HTTPStatus.BAD_REQUEST and "content_filter" in text:
            raise JudgeFiltered(text) from None
        if status in _REJECTED:
            raise JudgeRejected(text) from None
        asked = fault.retry_after if isinstance(fault, HttpFault) else 0.0
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self.limiter.slower(epoch)
        if asked and asked < self._settings.deadline:
            self.limiter.pause(asked)
        return asked or _backoff(attempts)

    def _succeeded(self) -> None:
        self._answered, self._failures, self._trips = self._answered + 1, 0, 0
        self.limiter.faster()

    def _failed(self, fault: Exception, trip: int) -> None:
        """Count towards the circuit breaker what was sent since it last opened."""
        self._failures += trip == self._trips
        if self._failures < BREAKER_FAILURES:
            return
        self._failures, self._trips = 0, self._trips + 1
        if self._trips > max(BREAKER_TRIPS, self._settings.retries):
            raise self._halt(f"the judge's endpoint is gone: {self._short(fault)}") from None
        self.limiter.pause(_backoff(self._trips))

    def _halt(self, why: str) -> JudgeStopped:
        """Stop everything that has not been sent; say so once, where a person sees it."""
        if not self.stopped:
            self.stopped = why
            self._stop.set()
            print(
                f"Uni-Judger stopped: {why}. The {self._answered} answers so far are kept; "
                "put UNI_JUDGER_BASE_URL / _MODEL / _API_KEY right and judge again.",
                file=sys.stderr,
            )
        return JudgeStopped(self.stopped)

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not on when everything has stopped."""
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except asyncio.TimeoutError:
            return

    def _short(self, fault: Exception) -> str:
        """One line that never holds the key, though a server might echo it."""
        text = " ".join(f"{fault}".split()) or type(fault).__name__
        return (text.replace(self._key, "[key]") if self._key else text)[:300]

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


def _status(fault: Exception) -> int:
    return fault.status if isinstance(fault, HttpFault) else 0


def _backoff(times: int) -> float:
    """Seconds: twice as long each time, jittered so that many do not come back at once."""
    return random.uniform(0.5, 1.0) * min(MAX_WAIT, 0.5 * 2 ** (times - 1))
