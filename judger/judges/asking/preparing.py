"""Putting a question together without stopping the others: what it lacks is brought by a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from judger.media.at_hand import Basket, NotAtHand, at_hand_only

T = TypeVar("T")
#: A question shows a reply's file and a request's three, each to be hashed and to be read.
MOST = 16


class Preparing:
    """One judge's questions. Of those that lack the same thing, one has it brought."""

    def __init__(self) -> None:
        self._bringing: dict[str, asyncio.Future[None]] = {}

    async def made(self, make: Callable[[], T]) -> T:
        """What `make` gives; raises what it raises."""
        basket, waited = Basket(), ""
        for _ in range(MOST):
            try:
                with at_hand_only(basket):
                    return make()
            except NotAtHand as error:
                missing = error
            others = self._bringing.get(missing.what)
            if others is not None and missing.what != waited:
                waited = missing.what  # once: it may be broken, or too large to be remembered
                await asyncio.wait([others])
            else:
                await self._brought(basket, missing)
        raise RuntimeError(f"a question lacks more than {MOST} things, such as {missing.what}")

    async def _brought(self, basket: Basket, missing: NotAtHand) -> None:
        bringing = asyncio.ensure_future(asyncio.to_thread(basket.bring, missing))
        own = self._bringing[missing.what] = bringing
        try:
            await own
        finally:
            if self._bringing.get(missing.what) is own:
                del self._bringing[missing.what]
