"""What was read of replies of this process, by item and raw reply: between model and judge."""

from __future__ import annotations

import threading
from collections import OrderedDict

from judger.reply.reply import Reply

#: So many of the latest are remembered; one that was dropped is read anew by whoever needs it.
MOST = 20_000


class Readings:
    """The latest readings. Safe to use from any thread."""

    def __init__(self, most: int = MOST) -> None:
        self._known: OrderedDict[tuple[str, str], Reply] = OrderedDict()
        self._most, self._lock = most, threading.Lock()

    def put(self, item_id: str, raw: str, reply: Reply) -> None:
        """Remember what was read of an item's raw reply, in place of an earlier reading of it."""
        with self._lock:
            self._known[item_id, raw.strip()] = reply
            self._known.move_to_end((item_id, raw.strip()))
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def get(self, item_id: str, raw: object) -> Reply | None:
        """What was read of it, or None."""
        if not isinstance(raw, str):
            return None
        with self._lock:
            return self._known.get((item_id, raw.strip()))


#: Those of this process: a reply is read where it comes from the model, and judged much later.
readings = Readings()
