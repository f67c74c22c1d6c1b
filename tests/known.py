"""Values that may be missing, where a test has them."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """The value itself. A rate of no items, for one, has None: such a test fails here."""
    assert value is not None
    return value
