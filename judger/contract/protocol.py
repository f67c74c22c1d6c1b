"""The version of the protocol: which figures may stand side by side. This is its one home.

`<number>-<letter>`. The number changes with whatever makes figures of before and after no longer
comparable: what is asked, how a reply is read, how a judge is asked and its answers are read, what
a metric counts. The letter changes with what leaves them comparable: another interval, a further
metric, a fault that is named better. The changelog says which change was which.

An attack (docs/attacks.md) is another protocol, too: its name and the hash of its wording stand
beside the version, and a run without one has neither.

The half is another protocol as well: the first `HALF` items of every cell (`--limit 60`). Every
prefix of a cell is balanced, so the half is a sample of the whole. So is any other `--limit`, but
that is no protocol: its rows are not ranked.

The data have a version of their own (`data_version`), and so has every wording (its hash): they
stand beside this one, and figures with different ones are not compared either.
"""

from __future__ import annotations

import re

VERSION = "1-A"

#: How a version is written.
PATTERN = r"^[1-9][0-9]{0,3}-[A-Z]$"


def number_of(version: str) -> int:
    """What has to be the same for two figures to be compared; 0 where no version was kept."""
    return int(version.partition("-")[0]) if re.match(PATTERN, version) else 0


#: So many items of each cell make the half of the suite; a row is ranked as the whole or as this.
HALF = 60
#: How people are told of it.
HALF_TOLD = f"half (--limit {HALF})"


def told(version: str, attack: str = "", attack_sha256: str = "") -> str:
    """A version as people are shown it, with the attack where there was one."""
    under = f" + attack {attack} {attack_sha256[:12]}" if attack else ""
    return f"{version or 'none kept'}{under}"
