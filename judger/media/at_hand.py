"""Asking for media without waiting: what is known is given, what has to be made first is not.

A question is put together in the judge's event loop, which must not wait for a decoder, nor hash a
large file. Most of what is asked for is there: both axes show the same file, and the suite's own
media are kept. A thread is taken only for the rest; handing work to one costs more than a look.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

#: Bytes of a file that is hashed at once: a fraction of a millisecond.
SMALL = 256 * 1024
_only = ContextVar("only what is at hand", default=False)


class NotAtHand(Exception):
    """It has to be made first. Caught by who said `at_hand_only`, and by nobody else.

    `what` is the same for all who ask for the same thing.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@contextlib.contextmanager
def at_hand_only() -> Iterator[None]:
    """Within, whatever would take its time raises NotAtHand."""
    token = _only.set(True)
    try:
        yield
    finally:
        _only.reset(token)


def may_wait() -> bool:
    """Whether whoever asks can wait for what is not at hand."""
    return not _only.get()
