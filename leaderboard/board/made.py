"""What a site holds of one submission, and how it is kept: as JSON, its numbers unread until asked.

Most of a row's numbers stand in texts that are kept beside them, so that of a thousand rows next to
nothing has to be made again.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from pydantic_core import from_json, to_json

from judger.rates.calibration.flips import Flips
from judger.rates.statistics import Mean, Rate
from leaderboard.board.kept import Kept
from leaderboard.board.numbers import Numbers
from leaderboard.board.row import Row
from leaderboard.submission.facts import Submission
from leaderboard.submission.rules import Case, Finding
from leaderboard.submission.rules.base import Fingerprint


class Made(NamedTuple):
    """What is made of one submission, whatever the others are; or what stands against it.

    `key` is that of what was kept, "" where nothing was. `files` are the files of the site that are
    its own. `data`: its part of data.json. `cells`: its figures in the table of each board.
    """

    case: Case
    findings: list[Finding]
    key: str = ""
    row: Row | None = None
    files: tuple[str, ...] = ()
    data: bytes = b""
    cells: Mapping[str, str] = {}
    numbers: Mapping[str, str] = {}


#: The values of a rate and of a mean, in the order in which they are made from them.
_rate, _mean = (attrgetter(*(field.name for field in fields(kind))) for kind in (Rate, Mean))


def keep(kept: Kept, made: Made) -> bool:
    """Keep what was made of a submission that meets the rules; False where the disk refuses."""
    row, own = made.row, made.case.kept
    assert row is not None and own is not None  # else it would not meet them
    return kept.put(
        made.key,
        {
            "relative": made.case.relative,
            "submission": row.submission.model_dump_json(),
            "print": {
                "items": kept.share(own.items),
                "kinds": kept.share(own.kinds),
                "replies": base64.b64encode(own.replies.astype("<u8").tobytes()).decode(),
                "codes": own.codes.tobytes().decode("ascii"),
            },
            "row": _row(kept, row),
            "files": made.files,
            "data": made.data.decode(),
            "cells": made.cells,
            "numbers": made.numbers,
        },
    )


def recalled(kept: Kept, key: str) -> Made | None:
    """What was kept under this key; None where nothing was, or something else."""
    found = kept.get(key)
    try:
        said, own = Submission.model_validate_json(found["submission"]), found["print"]
        replies = np.frombuffer(base64.b64decode(own["replies"]), dtype="<u8").astype(np.uint64)
        codes = np.frombuffer(own["codes"].encode("ascii"), dtype=np.uint8)
        kinds = kept.shared(own["kinds"], np.array)
        marks = Fingerprint(kept.shared(own["items"], tuple), kinds, replies, codes)
        return Made(
            Case(found["relative"], {}, submission=said, kept=marks),
            [],
            key,
            _row_of(kept, found["row"], said),
            tuple(found["files"]),
            found["data"].encode(),
            found["cells"],
            found["numbers"],
        )
    except (LookupError, TypeError, ValueError, AttributeError, OSError):
        return None


def _row(kept: Kept, row: Row) -> dict[str, Any]:
    found = row.found
    joint = [[*pair, _rate(share)] for pair, share in found.joint.items()]
    return {
        "items": kept.share(row.items),
        "columns": kept.share(row.columns),
        "kinds": kept.share(row.kinds),
        "letters": row.letters,
        "rates": to_json([[_each(cell, _rate) for cell in found.cells], joint]).decode(),
        "over_refusal": _rate(found.over_refusal),
        "means": _boards(found.means),
        "corrected": _boards(found.corrected),
        "flags": list(row.flags.items()),
        "lacking": sorted(row.lacking),
        "unfit": row.unfit,
        "labelled": row.labelled,
        "stress": {name: flips.model_dump() for name, flips in row.stress.items()},
        "corrections": row.corrections,
        "unscored": row.unscored,
    }


def _each(made: Mapping[str, Any], values: attrgetter[Any]) -> dict[str, Any]:
    return {name: values(one) for name, one in made.items()}


def _boards(made: Mapping[str, Mapping[str, Mean]]) -> dict[str, dict[str, Any]]:
    return {board: _each(means, _mean) for board, means in made.items()}


def _row_of(kept: Kept, found: Mapping[str, Any], said: Submission) -> Row:
    return Row(
        submission=said,
        items=kept.shared(found["items"], tuple),
        columns=kept.shared(found["columns"], tuple),
        kinds=kept.shared(found["kinds"], str),
        letters=found["letters"],
        found=KeptNumbers(found),
        flags=dict(found["flags"]),
        lacking=frozenset(found["lacking"]),
        unfit=found["unfit"],
        labelled=found["labelled"],
        stress={name: Flips.model_validate(flips) for name, flips in found["stress"].items()},
        corrections=tuple(found["corrections"]),
        unscored=found["unscored"],
    )


class KeptNumbers(Numbers):
    """A row's numbers, each made when it is asked for."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_found", found)

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet."""
        if name not in _NUMBERS:
            raise AttributeError(name)
        made = _NUMBERS[name](self._found)
        object.__setattr__(self, name, made)
        return made


@functools.lru_cache(maxsize=1)
def _rates(text: str) -> Any:
    return from_json(text)


def _means_of(found: Mapping[str, Any]) -> dict[str, dict[str, Mean]]:
    return {
        board: {metric: Mean(*values) for metric, values in means.items()}
        for board, means in found.items()
    }


_NUMBERS: Mapping[str, Any] = {
    "cells": lambda found: [
        {metric: Rate(*values) for metric, values in cell.items()}
        for cell in _rates(found["rates"])[0]
    ],
    "joint": lambda found: {(c, i): Rate(*share) for c, i, share in _rates(found["rates"])[1]},
    "over_refusal": lambda found: Rate(*found["over_refusal"]),
    "means": lambda found: _means_of(found["means"]),
    "corrected": lambda found: _means_of(found["corrected"]),
}
