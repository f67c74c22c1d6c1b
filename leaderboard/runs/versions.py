"""What ran: the versions of the packages that a result can depend on."""

from __future__ import annotations

import platform
from importlib import metadata

from judger.engine.provenance import DISTRIBUTION

PACKAGES = ("lmms_eval", "lm_eval", DISTRIBUTION, "transformers", "torch", "datasets", "openai")


def versions() -> dict[str, str]:
    """The version of every package that a result can depend on, and of Python."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
