"""Asking for media without waiting: what is known is given, what has to be made first is not.

A question is put together in the judge's event loop, which must not wait for a decoder, nor hash a
large file. Most of what is asked for is there: both axes show the same file, and small files are
read at once. A thread is taken only for the rest, and only for that: it reads, hashes or decodes,
which lets the loop go on, and the loop then puts the question together. Handing work to a thread
costs more than a look.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar, cast

#: Bytes of a file that is read or hashed at once: a fraction of a millisecond.
SMALL = 256 * 1024
T = TypeVar("T")
_basket: ContextVar[Basket | None] = ContextVar("what was brought; None: it may be waited for")


class Basket:
    """What was brought for one question, by name: a value, or why there is none."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Any, Exception | None]] = {}

    def bring(self, missing: NotAtHand) -> None:
        """Have it made, in this thread."""
        try:
            self._held[missing.what] = missing.bring(), None
        except Exception as error:  # noqa: BLE001 it is raised where it was asked for
            self._held[missing.what] = None, error

    def take(self, what: str, bring: Callable[[], T]) -> T:
        """What was brought; raises what its making raised, NotAtHand if it was not brought."""
        if what not in self._held:
            raise NotAtHand(what, bring)
        value, error = self._held[what]
        if error is not None:
            raise error
        return cast(T, value)


class NotAtHand(Exception):
    """It has to be made first. Caught by who said `at_hand_only`, and by nobody else.

    `what` is the same for all who ask for the same thing; `bring` makes it.
    """

    def __init__(self, what: str, bring: Callable[[], Any]) -> None:
        super().__init__(what)
        self.what, self.bring = what, bring


@contextlib.contextmanager
def at_hand_only(basket: Basket | None = None) -> Iterator[None]:
    """Within, whatever would take its time raises NotAtHand unless the basket holds it."""
    token = _basket.set(basket or Basket())
    try:
        yield
    finally:
        _basket.reset(token)


def may_wait() -> bool:
    """Whether whoever asks can wait for what is not at hand."""
    return _basket.get(None) is None


def taken(what: str, bring: Callable[[], T]) -> T:
    """What `bring` makes, which takes its time: made now for who may wait, else as in `Basket`."""
    basket = _basket.get(None)
    return bring() if basket is None else basket.take(what, bring)
