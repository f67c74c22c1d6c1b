"""What of an attack enters the key of a kept reply, beside the words that are sent.

A picture's words are in no prompt, so the wrapper and the data stand in each cell's config, of
which lmms-eval makes a part of the key. Without an attack the config is as it was.
"""

from __future__ import annotations

import hashlib
import os

from uni_safe_tasks.attacks.chosen import VARIABLE, named, names
from uni_safe_tasks.scenario import locations


def __getattr__(name: str) -> str:
    """`media_version`: as in `scenario.locations`, with the attack where there is one."""
    if name != "media_version":
        raise AttributeError(name)
    plain = str(locations.media_version)
    attack = os.environ.get(VARIABLE, "").strip()
    if not attack:
        return plain
    # An unknown name stops the run later, in one line; a YAML file is no place to raise.
    wording = named(attack).sha256 if attack in names() else ""
    words = b"".join(path.read_bytes() for path in sorted(locations.DATA.glob("*.jsonl")))
    parts = (plain.encode(), attack.encode(), wording.encode(), words)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
