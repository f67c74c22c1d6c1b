"""The asynchronous client to an OpenAI-compatible endpoint: adaptive, patient, quick to give up.

Concurrency starts at what the user set, halves on 429 and grows back (`limiter`); transient
faults are tried again with jittered back-off, Retry-After is honoured, and every question has one
deadline over all its attempts. 400 is the request's own fault; 401, 403 and 404 stop the run; so
does a circuit breaker when the endpoint is gone. One that says 429 is there: it is waited for up to
the question's deadline, and where it lets nobody in, everybody waits while one question tries.
"""

from __future__ import annotations

import asyncio
import random
import sys
from http import HTTPStatus

from judger.contract.settings import Settings
from judger.endpoint.circuit import Circuit
from judger.endpoint.limiter import Limiter
from judger.endpoint.transport import TRANSIENT, HttpFault, Transport
from judger.judges.verdict import Completion

MAX_WAIT = 60.0
#: Seconds between two tries at a server that rate-limits everybody and does not say how long.
MAX_PACE = 15.0
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


class Client:
    """Sends bodies to `chat/completions` or `completions`. Made and used in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key = settings.api_key.get_secret_value()
        self.limiter = Limiter(settings.concurrency)
        self.stopped = ""
        self.calls = 0
        self._answered = 0
        self._circuit = Circuit(settings.retries, settings.concurrency)
        self._stop = asyncio.Event()
        self._transport = Transport(settings)

    async def ask(self, body: bytes, path: str = "/chat/completions") -> Completion:
        """Ask until an answer came; raises JudgeFault (this part) or JudgeStopped (every part).

        `body` is the JSON of the request. The deadline counts from the first attempt: waiting for a
        free place among thousands of questions is nobody's fault.
        """
        loop, ends, tries, attempts = asyncio.get_running_loop(), 0.0, 0, 0
        fault: Exception = JudgeFault("not asked yet")
        while True:
            left = ends - loop.time() if attempts else None
            try:
                epoch = await self.limiter.take(attempts > 0, left)
            except asyncio.TimeoutError:
                raise self._given_up(fault, f"no answer after {attempts} attempts") from None
            trip = self._circuit.trips
            try:
                if self.stopped:
                    raise JudgeStopped(self.stopped)
                ends = ends or loop.time() + self._settings.deadline
                attempts += 1
                completion = await self._once(body, path, max(0.001, ends - loop.time()))
                self._succeeded()
                return completion
            except TRANSIENT as error:
                # Cut off by the question's own deadline, an attempt says nothing new.
                late = loop.time() + 0.01 >= ends
                fault = fault if late and _paces(fault) else error
                wait = self._triage(fault, attempts, epoch)
            finally:
                self.limiter.leave()
            if not _paces(fault):
                tries += 1
                self._failed(fault, trip)
            if tries > self._settings.retries or loop.time() + wait >= ends:
                why = f"no answer after {attempts} attempts, next in {wait:.1f} s"
                raise self._given_up(fault, why) from None
            await self._sleep(wait)  # without a place: others go on meanwhile

    async def _once(self, body: bytes, path: str, left: float) -> Completion:
        self.calls += 1
        return await self._transport.completion(path, body, min(self._settings.timeout, left))

    async def reach(self) -> bool:
        """Is the endpoint there, with our key? It is asked for its models, which costs nothing.

        False where that does not tell: only a question does then.
        """
        try:
            await self._transport.whole("GET", "/models", None, min(10.0, self._settings.timeout))
        except HttpFault as fault:  # most of them say that there is no such list
            return fault.status in (400, 404, 405, 501)
        except TRANSIENT:
            return False
        return True

    def _triage(self, fault: Exception, attempts: int, epoch: int) -> float:
        """Seconds to wait before the next attempt; raises where there can be none."""
        status, text = _status(fault), self._short(fault)
        if isinstance(fault, HttpFault) and fault.blocked:
            raise JudgeFiltered(text) from None
        if status in _FATAL or (isinstance(fault, HttpFault) and fault.unpaid):
            raise self._halt(f"the judge's endpoint answers {text}") from None
        if status in _REJECTED:
            raise JudgeRejected(text) from None
        asked = fault.retry_after if isinstance(fault, HttpFault) else 0.0
        wait = asked or _backoff(attempts, MAX_PACE if _paces(fault) else MAX_WAIT)
        # Fewer at once; and where nobody was answered since the last time, nobody for a while.
        if _paces(fault) and self.limiter.slower(epoch):
            before = self._circuit.burst()
            if before and not asked:
                self.limiter.pause(_backoff(before, MAX_PACE))
        if asked and asked < self._settings.deadline:
            self.limiter.pause(asked)
        return wait

    def _given_up(self, fault: Exception, why: str) -> JudgeFault:
        """The fault of a question whose attempts or time are used up."""
        if not _paces(fault):
            return JudgeFault(f"{why}: {self._short(fault)}")
        if self._circuit.in_vain():
            return self._halt(f"the judge's endpoint is rate-limited: {self._short(fault)}")
        return JudgeFault(f"rate-limited: {why}: {self._short(fault)}")

    def _succeeded(self) -> None:
        self._answered += 1
        self._circuit.answered()
        self.limiter.faster()

    def _failed(self, fault: Exception, trip: int) -> None:
        """Count towards the circuit breaker what was sent since it last opened."""
        if not self._circuit.failed(trip):
            return
        if self._circuit.gone:
            raise self._halt(f"the judge's endpoint is gone: {self._short(fault)}") from None
        self.limiter.pause(_backoff(self._circuit.trips))

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
        await self._transport.close()


def _status(fault: Exception) -> int:
    return fault.status if isinstance(fault, HttpFault) else 0


def _paces(fault: Exception) -> bool:
    """Does the server only ask us to wait?"""
    return _status(fault) == HTTPStatus.TOO_MANY_REQUESTS


def _backoff(times: int, most: float = MAX_WAIT) -> float:
    """Seconds: twice as long each time, jittered so that many do not come back at once."""
    return random.uniform(0.5, 1.0) * min(most, 0.5 * 2 ** min(times - 1, 10))
