"""Making each value once, also when several threads ask for it at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Entry(Generic[T]):
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    size: int = 0
    value: T | None = None


class Once(Generic[T]):
    """Values by key, the latest of them kept as long as their sizes sum up to at most `bound`.

    A value that is being made or waited for is never dropped, whatever its size. What fails is not
    kept: everybody who waits for it tries for himself, and gets his own error.
    """

    def __init__(self, size: Callable[[T], int], bound: int) -> None:
        self._size, self._bound = size, bound
        self._entries: OrderedDict[Hashable, _Entry[T]] = OrderedDict()
        self._lock = threading.Lock()
        self.held = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `key`, made by `make` unless it is there; raises what `make` raises."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            entry.users += 1
        try:
            with entry.lock:
                if entry.value is None:
                    entry.value = make()
                return entry.value
        finally:
            with self._lock:
                self._leave(key, entry)

    def ready(self, key: Hashable) -> T | None:
        """The value of `key` if it is there; never waits for one that is being made."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.value is None:
                return None
            self._entries.move_to_end(key)
            return entry.value

    def offer(self, key: Hashable, value: T) -> None:
        """Keep a value that was come by otherwise, unless there is one or it is being made."""
        with self._lock:
            if key not in self._entries:
                entry = self._entries[key] = _Entry(users=1, value=value)
                self._leave(key, entry)

    def _leave(self, key: Hashable, entry: _Entry[T]) -> None:
        entry.users -= 1
        if entry.value is None and not entry.users:
            del self._entries[key]
        elif entry.value is not None and not entry.size:
            entry.size = max(1, self._size(entry.value))
            self.held += entry.size
        while self.held > self._bound:
            oldest = next((k for k, e in self._entries.items() if not e.users), None)
            if oldest is None:
                break
            self.held -= self._entries.pop(oldest).size
