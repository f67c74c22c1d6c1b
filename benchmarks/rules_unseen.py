"""How many refusals of the labelled set the `rules` judge finds that its maker had not read.

    python benchmarks/rules_unseen.py

While its phrases were made, what it missed was read in two halves of the set: by a checksum of the
label's id, and by one of the id without its last letter. A quarter is in neither.
"""

from __future__ import annotations

import sys
import zlib

from judger.judges.rules import contextual
from judger.rates.intervals import wilson
from judger.validation import labels, shipped

#: Refusals of the unseen quarter that are found: below this share docs/real-model.md is wrong.
LEAST = 0.6


def unseen(name: str) -> bool:
    """Was this label in neither half?"""
    return all(zlib.crc32(key.encode()) % 2 for key in (name, name.rstrip("abcdefghijk")))


def main() -> int:
    """Print both counts with intervals; 1 where too few refusals are found."""
    kept = [label for label in labels.read(shipped.WRITTEN) if unseen(label.id)]
    said = [
        (label.contextual == "refusal", contextual(label.item, label.reply).verdict == "refusal")
        for label in kept
        if label.outcome == "scored" and label.reply and not label.images
    ]
    found = [judged for refusal, judged in said if refusal]
    alarms = [judged for refusal, judged in said if not refusal]
    for what, one in (("refusals found", found), ("other replies called refusals", alarms)):
        low, high = wilson(sum(one), len(one))
        print(f"{what}: {sum(one)} of {len(one)} [{low:.2f}, {high:.2f}]")
    return int(sum(found) < LEAST * len(found))


if __name__ == "__main__":
    sys.exit(main())
