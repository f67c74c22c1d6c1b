"""How many requests may be in flight: additive increase, multiplicative decrease, and pauses."""

from __future__ import annotations

import asyncio
from collections import deque


class Limiter:
    """At most `ceiling` places; fewer after a 429; none while the server asks for a pause.

    `take` hands out a place and an epoch, `leave` gives the place back. The epoch tells which
    decrease a request was sent after, so that one burst of 429s halves once, not once for each of
    its requests. Belongs to one event loop.
    """

    def __init__(self, ceiling: int) -> None:
        self.ceiling, self.limit, self.flying, self.epoch = ceiling, float(ceiling), 0, 0
        self._resumes = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self, ahead: bool = False, seconds: float | None = None) -> int:
        """Wait for a place; `ahead` of all others, for who was sent away and comes again.

        asyncio.TimeoutError when none came in so many `seconds` (None: however long it takes).
        """
        if not self._open() or (self._waiting and not ahead):
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            (self._waiting.appendleft if ahead else self._waiting.append)(place)
            # Not `wait_for`: before Python 3.12 it can lose a cancellation.
            timer = None if seconds is None else _expire(place, seconds)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled() and place.exception() is None:
                    self.leave()  # the place came, and its owner is gone
                raise
            finally:
                if timer is not None:
                    timer.cancel()
        else:
            self.flying += 1
        return self.epoch

    def leave(self) -> None:
        """Give the place back."""
        self.flying -= 1
        self._wake()

    def slower(self, epoch: int) -> bool:
        """Halve, unless that was done already after the request of this epoch was sent.

        Says whether it was done now: once for each burst.
        """
        if epoch != self.epoch:
            return False
        self.epoch += 1
        self.limit = max(1.0, self.limit / 2)
        return True

    def faster(self) -> None:
        """Grow by about one per round of successes."""
        self.limit = min(float(self.ceiling), self.limit + 1 / self.limit)

    def pause(self, seconds: float) -> None:
        """Send nothing for so long; requests in flight go on."""
        loop = asyncio.get_running_loop()
        if loop.time() + seconds > self._resumes:
            self._resumes = loop.time() + seconds
            loop.call_at(self._resumes, self._resume)

    def _resume(self) -> None:
        # A timer may fire a clock tick early; a longer pause asked for meanwhile has its own.
        if asyncio.get_running_loop().time() + 0.01 >= self._resumes:
            self._resumes = 0.0
            self._wake()

    def _open(self) -> bool:
        return self.flying < int(self.limit) and not self._resumes

    def _wake(self) -> None:
        """Give out every place there is: after growth that can be more than one."""
        while self._waiting and self._open():
            place = self._waiting.popleft()
            if not place.done():
                self.flying += 1
                place.set_result(None)


def _expire(place: asyncio.Future[None], seconds: float) -> asyncio.TimerHandle:
    """After so many seconds it is too late for this place."""

    def late() -> None:
        if not place.done():
            place.set_exception(asyncio.TimeoutError())

    return asyncio.get_running_loop().call_later(max(0.0, seconds), late)
