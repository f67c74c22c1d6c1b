"""The versions by which a run or a bug report is understood."""

from __future__ import annotations

import platform
from importlib import metadata

from judger.engine.provenance import DISTRIBUTION, code
from uni_safe_tasks.suite.locations import data_version

#: Distributions whose versions decide how a run behaves, in the order in which they are shown.
SHOWN = ("lmms-eval", "lm-eval", "transformers", "torch")


def versions() -> dict[str, str]:
    """Name → version of suite, data, Python and harness; what is not installed is left out."""
    state = code()
    commit = f" ({state.commit[:12]}{'' if state.clean else ', modified'})" if state.commit else ""
    found = {
        DISTRIBUTION: metadata.version(DISTRIBUTION) + commit,
        "data": data_version(),
        "python": platform.python_version(),
    }
    for name in SHOWN:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
