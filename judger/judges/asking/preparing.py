"""Putting a question together without stopping the others: at once, or in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from judger.media.at_hand import NotAtHand, at_hand_only

T = TypeVar("T")


class Preparing:
    """One judge's questions. Of those that need the same file made, one takes a thread."""

    def __init__(self) -> None:
        self._making: dict[str, asyncio.Future[Any]] = {}

    async def made(self, make: Callable[[], T]) -> T:
        """What `make` gives; raises what it raises."""
        try:
            return _at_once(make)
        except NotAtHand as missing:
            what = missing.what
        if (others := self._making.get(what)) is not None:
            await asyncio.wait([others])
            try:
                return _at_once(make)
            except NotAtHand:  # it is broken, or too large to be remembered
                pass
        own = self._making[what] = asyncio.ensure_future(asyncio.to_thread(make))
        try:
            made: T = await own
            return made
        finally:
            if self._making.get(what) is own:
                del self._making[what]


def _at_once(make: Callable[[], T]) -> T:
    with at_hand_only():
        return make()
