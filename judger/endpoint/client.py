"""The asynchronous client to an OpenAI-compatible endpoint: adaptive, patient, quick to give up.

Concurrency starts at what the user set, halves on 429 and grows back (`limiter`); transient
faults are tried again with jittered back-off, Retry-After is honoured, and every question has one
deadline over all its attempts. One that says 429 is there: it is waited for up to the question's
deadline, and where it lets nobody in, everybody waits while one question tries.

What stops everything (`stopping`) is decided by a harmless question, never by a reply's: 400 is the
request's own fault, and so are 401, 403 and 404 while other questions are answered.
"""

from __future__ import annotations

import asyncio
import random
from http import HTTPStatus

from judger.contract.settings import Settings
from judger.endpoint.budget import Budget
from judger.endpoint.circuit import Circuit
from judger.endpoint.faults import (
    SHUT_OUT,
    HttpFault,
    JudgeFault,
    JudgeFiltered,
    JudgeRejected,
    JudgeStopped,
    local_fault,
)
from judger.endpoint.grammar.completion import Completion
from judger.endpoint.grammar.strict_json import valid_text
from judger.endpoint.limiter import Limiter
from judger.endpoint.open_files import room_for
from judger.endpoint.stopping import Harmless, Stopping
from judger.endpoint.transport import TRANSIENT, Transport
from judger.endpoint.wire.payload import Sent

MAX_WAIT = 60.0
#: Seconds between two tries at a server that rate-limits everybody and does not say how long.
MAX_PACE = 15.0
_REJECTED = {400, 413, 415, 422}
#: What servers also say to a request in a form that they do not know.
_UNKNOWN_FORM = {404, 405, 500, 501}


class Client:
    """Sends bodies to `chat/completions` or `completions`. Made and used in one event loop.

    `harmless` makes the question that decides whether the endpoint is there for anybody; without it
    the faults in a row decide.
    """

    def __init__(
        self, settings: Settings, budget: Budget | None = None, harmless: Harmless | None = None
    ) -> None:
        self._settings = settings
        self._key = settings.api_key.get_secret_value()
        self.limiter = Limiter(room_for(settings.concurrency))
        self.calls = 0
        self.listing = b""
        self._sends_endings = False
        self._budget = budget
        self._circuit = Circuit(settings.retries, settings.concurrency)
        self._stopping = Stopping(self._circuit, self._once, harmless)
        self._transport = Transport(settings)

    @property
    def stopped(self) -> str:
        """Why nothing more is sent, "" while the endpoint answers."""
        return self._stopping.why

    @property
    def answered(self) -> int:
        """How many questions the endpoint answered."""
        return self._stopping.answers

    async def ask(
        self, body: Sent, path: str = "/chat/completions", trying: bool = False
    ) -> Completion:
        """Ask until an answer came; raises JudgeFault (this part) or JudgeStopped (every part).

        `body` is the JSON of the request, or its parts. The deadline counts from the first attempt:
        waiting for a free place among thousands of questions is nobody's fault. With `trying`, a
        request in a form that the server may not know, what could be about the form is a
        JudgeRejected.
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
                await self._stopping.decided()
                if self.stopped:
                    raise JudgeStopped(self.stopped)
                ends = ends or loop.time() + self._settings.deadline
                attempts += 1
                return await self._once(body, path, max(0.001, ends - loop.time()))
            except TRANSIENT as error:
                # Cut off by the question's own deadline, an attempt says nothing new.
                late = loop.time() + 0.01 >= ends
                fault = fault if late and _waits(fault) else error
                wait = self._wait(fault, attempts, epoch)
            finally:
                self.limiter.leave()
            again = attempts > 1 or not self._settings.retries
            if (own := self._own_fault(fault, trying, again)) is not None:
                raise own from None
            if isinstance(fault, HttpFault) and (fault.status in SHUT_OUT or fault.unpaid):
                raise await self._stopping.shut_out(body, fault, self._short(fault)) from None
            if not _waits(fault):
                tries += 1
                await self._failed(fault, trip)
            if tries > self._settings.retries or loop.time() + wait >= ends:
                why = f"no answer after {attempts} attempts, next in {wait:.1f} s"
                raise self._given_up(fault, why) from None
            await self._stopping.sleep(wait)  # without a place: others go on meanwhile

    async def _once(self, body: Sent, path: str, left: float = 60.0) -> Completion:
        """One attempt, booked and counted; raises one of `TRANSIENT`, or JudgeBudgetSpent."""
        if self._budget is not None:
            self._budget.take()
        self.calls += 1
        seconds = min(self._settings.timeout, left)
        completion = await self._transport.completion(path, body, seconds)
        if self._sends_endings and not completion.finish_reason:
            raise ValueError("an answer without a finish_reason from a server that sends them")
        self._sends_endings = self._sends_endings or bool(completion.finish_reason)
        self._stopping.answered()
        self.limiter.faster()
        return completion

    async def reach(self) -> bool:
        """Is the endpoint there, with our key? It is asked for its models, which costs nothing.

        False where that does not tell: only a question does then. The list is kept in `listing`.
        """
        try:
            self.listing = await self._transport.reach("/models", min(10.0, self._settings.timeout))
        except HttpFault as fault:  # most of them say that there is no such list
            return fault.status in (400, 404, 405, 501)
        except TRANSIENT:
            return False
        return True

    def _own_fault(self, fault: Exception, trying: bool, again: bool) -> JudgeFault | None:
        """The fault of this one question, whatever becomes of the others; else None.

        A 500 may have nothing to do with the form that is being tried, so it has to come `again`.
        """
        if not isinstance(fault, HttpFault):
            return None
        text = self._short(fault)
        if fault.blocked:
            return JudgeFiltered(text)
        if fault.status in _REJECTED and not fault.unpaid:
            return JudgeRejected(text, fault.status, fault.words)
        if trying and fault.status in _UNKNOWN_FORM and (again or fault.status != 500):
            return JudgeRejected(text, fault.status)
        return None

    def _wait(self, fault: Exception, attempts: int, epoch: int) -> float:
        """Seconds to wait before the next attempt; fewer questions at once from now on."""
        asked = fault.retry_after if isinstance(fault, HttpFault) else 0.0
        wait = asked or _backoff(attempts, MAX_PACE if _waits(fault) else MAX_WAIT)
        # And where nobody was answered since the last time, nobody for a while.
        if _waits(fault) and self.limiter.slower(epoch):
            before = self._circuit.burst()
            if before and not asked:
                self.limiter.pause(_backoff(before, MAX_PACE))
        if asked and asked < self._settings.deadline:
            self.limiter.pause(asked)
        return wait

    def _given_up(self, fault: Exception, why: str) -> JudgeFault:
        """The fault of a question whose attempts or time are used up."""
        if local_fault(fault) is not None:
            short = self._short(fault)
            return JudgeFault(f"this machine, not the judge: {why}: {short} (see `ulimit -n`)")
        if not _waits(fault):
            return JudgeFault(f"{why}: {self._short(fault)}")
        if self._circuit.in_vain():
            text = f"the judge's endpoint is rate-limited: {self._short(fault)}"
            return self._stopping.stop(text, "wait until its limit lets you in")
        return JudgeFault(f"rate-limited: {why}: {self._short(fault)}")

    async def _failed(self, fault: Exception, trip: int) -> None:
        """Count towards the circuit breaker what was sent since it last opened."""
        if not self._circuit.failed(trip):
            return
        if self._circuit.gone:
            raise await self._stopping.gone(self._short(fault)) from None
        self.limiter.pause(_backoff(self._circuit.trips))

    def _short(self, fault: Exception) -> str:
        """One line that never holds the key, though a server might echo it."""
        text = " ".join(f"{fault}".split()) or type(fault).__name__
        return valid_text(text.replace(self._key, "[key]") if self._key else text)[:300]

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()


def _status(fault: Exception) -> int:
    return fault.status if isinstance(fault, HttpFault) else 0


def _waits(fault: Exception) -> bool:
    """Is there only to wait: for a server that says so, or for what this machine is short of?"""
    return _status(fault) == HTTPStatus.TOO_MANY_REQUESTS or local_fault(fault) is not None


def _backoff(times: int, most: float = MAX_WAIT) -> float:
    """Seconds: twice as long each time, jittered so that many do not come back at once."""
    return random.uniform(0.5, 1.0) * min(most, 0.5 * float(2 ** min(times - 1, 10)))
