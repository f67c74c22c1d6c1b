"""The versions by which a run or a bug report is understood."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from importlib import metadata

from judger.engine.provenance import DISTRIBUTION, code
from uni_safe_tasks.scenario.locations import data_version

#: Distributions whose versions decide how a run behaves, in the order in which they are shown.
SHOWN = ("lmms-eval", "lm-eval", "transformers", "torch")


def versions() -> dict[str, str]:
    """Name → version of suite, data, Python and harness; what is not installed is left out."""
    state = code()
    commit = f" ({state.commit[:12]}{'' if state.clean else ', modified'})" if state.commit else ""
    found = {name: version + commit for name, version in installed(DISTRIBUTION)}
    return found | {
        "data": data_version(),
        "Python": platform.python_version(),
        **dict(installed(*SHOWN)),
    }


def installed(*names: str) -> Iterator[tuple[str, str]]:
    """(name, version) of the distributions among `names` that are there."""
    for name in names:
        with contextlib.suppress(metadata.PackageNotFoundError):
            yield name, metadata.version(name)
