"""Reaching into lmms-eval: one of its functions replaced by one of ours, once.

What is reached for, and the parameters that are relied on, are named where it happens (0.7.3). If a
release has moved or changed it, lmms-eval is left as it is, and the caller says what that means.
"""

from __future__ import annotations

import functools
import inspect
import pkgutil
from collections.abc import Callable, Collection
from importlib import metadata
from typing import Any

_MARK = "_uni_safe_tasks"


class UnknownHarness(Exception):
    """This lmms-eval is not as it was when the patch was written: what is missing."""


def replace(
    owner: str, name: str, make: Callable[[Any], Any], parameters: Collection[str] = ()
) -> None:
    """Put `make(original)` in place of `owner`'s function `name`; a second call changes nothing.

    `owner` is "package.module" or "package.module:Class". UnknownHarness where there is no such
    function, or where it does not take all these `parameters`.
    """
    try:
        place = pkgutil.resolve_name(owner)
        original = getattr(place, name)
        missing = set(parameters) - set(inspect.signature(original).parameters)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise UnknownHarness(f"lmms-eval {_version()}: {error}") from None
    if missing:
        names = ", ".join(sorted(missing))
        raise UnknownHarness(f"lmms-eval {_version()}: {owner}.{name} takes no {names}")
    if not getattr(original, _MARK, False):
        ours = functools.wraps(original)(make(original))
        setattr(ours, _MARK, True)
        setattr(place, name, ours)


def _version() -> str:
    try:
        return metadata.version("lmms-eval")
    except metadata.PackageNotFoundError:
        return "of unknown version"
