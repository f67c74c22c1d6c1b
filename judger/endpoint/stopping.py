"""When nothing more is sent to an endpoint, decided by a question that no model under test wrote.

A gateway may answer 401, 403 or 404 to a single reply because of what stands in it, and a server
may break at one. So before everything stops, the endpoint is asked something harmless: if it
answers, the fault lay in the questions.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from judger.endpoint.circuit import Circuit
from judger.endpoint.faults import SHUT_OUT, HttpFault, JudgeFault, JudgeStopped, setting_for
from judger.endpoint.grammar.completion import Completion
from judger.endpoint.transport import TRANSIENT
from judger.endpoint.wire.payload import Sent

#: Makes the harmless question in the form the server takes: (body, path).
Harmless = Callable[[], tuple[Sent, str]]
Ask = Callable[[Sent, str], Awaitable[Completion]]


class Stopping:
    """Decides once, for all questions, and says so once, where a person sees it."""

    def __init__(self, circuit: Circuit, ask: Ask, harmless: Harmless | None) -> None:
        self.why = ""
        self._circuit, self._ask, self._harmless = circuit, ask, harmless
        self.answers = 0
        self._event = asyncio.Event()
        self._deciding = asyncio.Lock()

    async def decided(self) -> None:
        """Wait while it is decided whether everything stops."""
        if self._deciding.locked():
            async with self._deciding:
                return

    def answered(self) -> None:
        """Count an answer."""
        self.answers += 1
        self._circuit.answered()

    async def shut_out(self, question: Sent, fault: HttpFault, said: str) -> JudgeFault:
        """What to raise for a question that was refused by 401, 403, 404 or the like."""
        setting = setting_for(402 if fault.unpaid else fault.status, fault.words)
        why = f"the judge's endpoint answers {said}"
        many = self._circuit.refused(question)
        if self.answers and not many:
            return JudgeFault(f"{why} to this question")
        answers = await self._somebody_is_answered(question)
        if answers is False:
            return self.stop(why, setting)
        return JudgeFault(f"{why} to this question" if answers else why)

    async def gone(self, said: str) -> JudgeFault:
        """What to raise where every attempt failed for so long that nothing seems to be there."""
        if await self._somebody_is_answered(b""):
            return JudgeFault(f"no answer to this question: {said}")
        setting = "start it again, or put UNI_JUDGER_BASE_URL right"
        return self.stop(f"the judge's endpoint is gone: {said}", setting)

    async def _somebody_is_answered(self, question: Sent) -> bool | None:
        """Is the harmless question answered? None: it failed in a way that tells nothing."""
        if self._harmless is None:
            return False
        before = self.answers
        async with self._deciding:
            if self.answers > before:
                return True
            body, path = self._harmless()
            if self.why or body == question:
                return False
            try:
                await self._ask(body, path)
            except HttpFault as fault:
                return False if fault.status in SHUT_OUT or fault.unpaid else None
            except TRANSIENT:
                return None
            return True

    def stop(self, why: str, setting: str) -> JudgeStopped:
        """Stop everything that has not been sent; `setting` is what a person should do."""
        if not self.why:
            self.why = f"{why} ({setting})"
            self._event.set()
            print(
                f"Uni-Judger stopped: {why}. The {self.answers} answers so far are kept; "
                f"{setting}, and judge again.",
                file=sys.stderr,
            )
        return JudgeStopped(self.why)

    async def sleep(self, seconds: float) -> None:
        """Sleep, but not on when everything has stopped."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except asyncio.TimeoutError:
            return
