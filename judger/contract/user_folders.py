"""The user's own folders, also where a container has no home or an empty variable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

try:
    import pwd
except ImportError:  # Windows
    pwd = None  # type: ignore[assignment]


def user_home(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The home folder, None where the user has none; an empty HOME is as good as unset."""
    if environ.get("HOME"):
        return Path(environ["HOME"])
    try:
        # Not Path.home(): it takes an empty HOME for the root of the disk.
        return Path(pwd.getpwuid(os.getuid()).pw_dir) if pwd else Path.home()
    except (KeyError, RuntimeError):
        return None


def user_cache(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder for caches, None where the user has no home.

    As the XDG standard has it: an empty or relative XDG_CACHE_HOME is as good as none.
    """
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():
        return named
    home = user_home(environ)
    return home / ".cache" if home else None
