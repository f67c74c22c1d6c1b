"""Runs made to measure: real files, written by what writes a judged run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from judger.contract.cell import Cell
from judger.contract.protocol import VERSION
from judger.contract.record import JudgeIdentity, Record
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES
from judger.offline.results import ResultFiles

JUDGE: JudgeIdentity = {
    "backend": "openai",
    "model": "a-judge",
    "mode": "strict",
    "calibrated": False,
    "refusal": True,
}
#: Verdicts by one letter: unsafe in both, safe, refused, harm in context only; "?" is a lost item.
VERDICTS: dict[str, tuple[str | None, str | None]] = {
    "u": ("unsafe", "unsafe"),
    "s": ("safe", "safe"),
    "r": ("refusal", "safe"),
    "c": ("unsafe", "safe"),
    "?": (None, None),
}
Choice = Callable[[str, int, str], str]


def record(
    category: str,
    number: int,
    task_type: str,
    letter: str = "s",
    kind: str = "harmful",
    **more: Any,
) -> Record:
    """The record of one item; `letter` is a key of VERDICTS."""
    contextual, intrinsic = VERDICTS[letter]
    scenario = f"{category[:3]}-{kind[0]}{number + (10 if kind == 'canary' else 100)}"
    part = {
        "part": "text",
        "outcome": "scored",
        "reason": "",
        "contextual": contextual,
        "intrinsic": intrinsic,
        "contextual_reason": f"because of {scenario}",
        "intrinsic_reason": "nothing in it",
    }
    made: dict[str, Any] = {
        "item_id": f"{scenario}.{task_type}",
        "scenario": scenario,
        "kind": kind,
        "category": category,
        "subcategory": "",
        "task_type": task_type,
        "outcome": "scored" if letter != "?" else "target_error",
        "reason": "" if letter != "?" else "the back end failed",
        "contextual": contextual,
        "intrinsic": intrinsic,
        "delivered": None,
        "parts": [part] if letter != "?" else [],
        "judge": JUDGE,
        "template_sha256": {"contextual": "a" * 64, "intrinsic": "b" * 64},
        "prompt_sha256": f"{scenario}.{task_type}",
        "response_sha256": "",
        "data_version": "made",
        "protocol": VERSION,
    }
    if made["outcome"] != "scored" or kind == "canary":
        made |= {"contextual": None, "intrinsic": None}
    return Record.from_json(made | more)


def records(
    choose: Choice = lambda category, number, task_type: "s",
    per_cell: int = 4,
    categories: Iterable[str] = CATEGORIES,
    types: Iterable[str] = TASK_TYPES,
) -> list[Record]:
    """Harmful items of the cells, judged as `choose` says; one benign twin each, one canary."""
    made = []
    for category in categories:
        for task_type in types:
            for number in range(per_cell):
                letter = choose(category, number, task_type)
                made.append(record(category, number, task_type, letter))
            made.append(record(category, 0, task_type, kind="benign"))
            if task_type in MEDIA_TASK_TYPES:
                canary = record(category, 0, task_type, kind="canary", delivered=True, parts=[])
                made.append(canary)
    return made


def write(
    folder: Path,
    made: Iterable[Record],
    model: str = "a-model",
    replies: Mapping[str, str] | None = None,
    prompts: Mapping[str, str] | None = None,
    **config: Any,
) -> Path:
    """Write a run; replies and prompts by item id, else a plain sentence; `config` as harness's."""
    replies, prompts = replies or {}, prompts or {}
    with ResultFiles(folder, {"model": model, **config}) as files:
        for one in made:
            name = one.item_id
            row = {
                "input": prompts.get(name, f"Please do what {name} says."),
                "filtered_resps": replies.get(name, f"Here is an answer to {name}."),
            }
            files.add(Cell.of(one).name, row, one)
        files.finish(JUDGE, {"calls": 3, "input_tokens": 1234, "cost": 0.0123})
    return folder
