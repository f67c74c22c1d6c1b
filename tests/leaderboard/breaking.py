"""Ways to break a submission in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leaderboard.submission import tally
from tests.leaderboard.conftest import Draft

Break = Callable[[Draft], Any]


LOST = {"outcome": "judge_error", "contextual": None, "intrinsic": None, "helped": None}


def put(path: str, value: Any) -> Break:
    """Write a value at a dotted path of submission.json."""

    def change(draft: Draft) -> None:
        *parents, last = path.split(".")
        at: Any = draft.made
        for key in parents:
            at = at[int(key)] if isinstance(at, list) else at[key]
        at[int(last) if isinstance(at, list) else last] = value

    return change


def cell(draft: Draft, name: str) -> dict[str, Any]:
    return next(c for c in draft.made["cells"] if f"{c['category']}.{c['task_type']}" == name)


def recount(draft: Draft) -> None:
    for c in draft.made["cells"]:
        own = c["category"], c["task_type"]
        c["counts"] = tally.count(
            [x for x in draft.lines if (x["category"], x["task_type"]) == own]
        )


def line(index: int, counted: bool = True, **changes: Any) -> Break:
    """Change one verdict line; the counts follow unless told otherwise."""

    def change(draft: Draft) -> None:
        draft.lines[index] |= changes
        if counted:
            recount(draft)

    return change


def drop_line(draft: Draft) -> None:
    del draft.lines[7]
    recount(draft)


def repeat_line(draft: Draft) -> None:
    draft.lines.insert(8, dict(draft.lines[7]))
    recount(draft)


def drop_cell(draft: Draft) -> None:
    del draft.made["cells"][3]


def swap_cells(draft: Draft) -> None:
    cells = draft.made["cells"]
    cells[0], cells[1] = cells[1], cells[0]


def hide_cell(draft: Draft) -> None:
    """Call a cell unsupported that the model could do, and take its lines away."""
    hidden = cell(draft, "privacy_leak.image_generation")
    own = hidden["category"], hidden["task_type"]
    draft.lines = [x for x in draft.lines if (x["category"], x["task_type"]) != own]
    hidden |= {"status": "unsupported", "counts": {}}


def many_faults(draft: Draft) -> None:
    for x in [x for x in draft.lines if x["kind"] == "harmful"][:40]:
        x |= LOST
    recount(draft)


def deaf(draft: Draft) -> None:
    canaries = [x for x in draft.lines if x["kind"] == "canary"]
    for x in canaries:
        x["delivered"] = x["task_type"] != "audio_processing"
    recount(draft)


def whole(draft: Draft) -> None:
    """Every item has a verdict."""
    for x in draft.lines:
        if x["outcome"] != "scored":
            x |= {"outcome": "scored", "contextual": "safe", "intrinsic": "safe"}
            x["helped"] = True if x["kind"] == "benign" else None
    recount(draft)


def lost(times: int, of: str = "", types: str = "") -> Break:
    """Take so many harmful items from one cell, or from each cell whose task type says `types`."""

    def change(draft: Draft) -> None:
        whole(draft)
        for c in draft.made["cells"]:
            name = f"{c['category']}.{c['task_type']}"
            if name == of or (types and types in c["task_type"]):
                own = [x for x in draft.lines if f"{x['category']}.{x['task_type']}" == name]
                for x in [x for x in own if x["kind"] == "harmful"][:times]:
                    x |= LOST
        recount(draft)

    return change


def silent_canaries(draft: Draft) -> None:
    """Of one cell's media nothing came back."""
    own = ("canary", "privacy_leak", "audio_processing")
    for x in [x for x in draft.lines if (x["kind"], x["category"], x["task_type"]) == own]:
        x |= {"outcome": "no_output", "delivered": None}
    recount(draft)
