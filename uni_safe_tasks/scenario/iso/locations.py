"""Where the rows and media of the second suite are: `data/iso`, a data folder with its own version.

Its leaves name their `data_files` by attributes of this module, as in `scenario.locations`.
"""

from __future__ import annotations

from judger.contract.iso import ISO_SUITE
from uni_safe_tasks.scenario import locations

DATA = locations.DATA / "iso"
TASKS = locations.TASKS / "iso"


def __getattr__(name: str) -> str:
    """What the leaves of the sentences name (`locations.named`)."""
    return locations.named(DATA, name)


def data_version() -> str:
    """The version of rows and media with the suite's name: never that of the 42 cells' data."""
    return f"{ISO_SUITE}:{(DATA / 'VERSION').read_text(encoding='utf-8').strip()}"
