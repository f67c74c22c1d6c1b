"""lmms-eval's `Collator` puts a back end's replies back into the order of their requests. Checked.

`get_original` zips: of too many replies it drops the last, although an earlier one is the surplus,
and every reply in between goes to its neighbour (0.7.3: `aria` and `llava_hf` add an empty reply to
a film that cannot be opened, and then one more). Here it counts first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Miscounted(Exception):
    """Another number of replies than of requests."""

    def __init__(self, replies: int) -> None:
        super().__init__(f"{replies} replies")
        self.replies = replies


@contextmanager
def checked() -> Iterator[None]:
    """Let replies be counted before they are put in order, for as long as this lasts."""
    from lmms_eval.utils import Collator

    original = Collator.get_original

    def get_original(self: Any, newarr: list[Any]) -> list[Any]:
        if len(newarr) != len(self):
            raise Miscounted(len(newarr))
        return list(original(self, newarr))

    Collator.get_original = get_original
    try:
        yield
    finally:
        Collator.get_original = original
