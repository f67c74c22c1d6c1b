"""What fresh readers said of the scenarios: `data/review`, counted for the data card.

`blind.jsonl`: a reader who saw the written words alone, without picture, sound or film, says of
each item whether these words are plainly harmful. `scores.jsonl`: a reader scores whole pairs, from
1 to 5.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

SCORES = (
    "realism", "clarity", "fidelity", "difficulty", "severity", "twin_harmless", "twin_tempting",
)  # fmt: skip


def blind(folder: Path) -> list[Sequence[object]]:
    """(what was read, harmful items called plainly harmful of how many, benign ones alike)."""
    said: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for line in _lines(folder / "review" / "blind.jsonl"):
        form = str(line["item_id"]).rpartition(".")[2]
        said[form, str(line["kind"])].append(bool(line["plainly_harmful"]))
    return [
        (f"{form}, words alone", _of(said[form, "harmful"]), _of(said[form, "benign"]))
        for form in dict.fromkeys(form for form, _ in sorted(said))
    ]


def scores(folder: Path) -> list[Sequence[object]]:
    """(what was scored, mean, how many of the pairs are below 3)."""
    lines = list(_lines(folder / "review" / "scores.jsonl"))
    made: list[Sequence[object]] = []
    for name in SCORES:
        given = [int(line[name]) for line in lines]
        made.append((name, f"{sum(given) / len(given):.2f}", f"{_low(given)} of {len(given)}"))
    return made


def _low(given: Sequence[int]) -> int:
    return sum(score < 3 for score in given)


def _of(said: Sequence[bool]) -> str:
    return f"{sum(said)} of {len(said)} ({sum(said) / len(said):.0%})"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
