"""Reaching into lmms-eval: one of its functions replaced by one of ours, once.

What is reached for is named where it happens (0.7.3). If a later release has moved it, we warn, say
what then does not work, and leave lmms-eval as it is.
"""

from __future__ import annotations

import functools
import inspect
import pkgutil
import warnings
from collections.abc import Callable
from typing import Any

_MARK = "_uni_safe_tasks"


def replace(owner: str, name: str, make: Callable[[Any], Any], otherwise: str) -> bool:
    """Put `make(original)` in place of `owner`'s function `name`; a second call changes nothing.

    `owner` is "package.module:Class"; `original` comes bound as the class hands it out. Returns
    False, with a warning that ends in `otherwise`, where there is nothing of that name.
    """
    try:
        place = pkgutil.resolve_name(owner)
        plain = inspect.getattr_static(place, name)
    except (ImportError, AttributeError) as error:
        warnings.warn(f"this lmms-eval is unknown to us ({error}): {otherwise}", stacklevel=2)
        return False
    original = getattr(place, name)
    if not getattr(original, _MARK, False):
        ours = functools.wraps(original)(make(original))
        setattr(ours, _MARK, True)
        static = isinstance(plain, (staticmethod, classmethod))
        setattr(place, name, staticmethod(ours) if static else ours)
    return True
