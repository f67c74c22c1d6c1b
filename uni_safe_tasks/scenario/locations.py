"""Where the suite's files are, in a checkout and in a wheel.

Leaves name their `data_files` by attributes of this module that are called like the categories: a
name, because a relative path means something else in lmms-eval and in lm-eval.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from judger.contract.taxonomy import CATEGORIES

HERE = Path(__file__).resolve().parents[1]
DATA = HERE / "data"
TASKS = HERE / "tasks"


def named(folder: Path, name: str) -> str:
    """What a leaf asks of a data folder by name; AttributeError where there is no such name.

    A category's name is the path of its file, `media_version` a short hash over the hashes of all
    media, read when it is asked for.
    """
    if name in CATEGORIES:
        return str(folder / f"{name}.jsonl")
    if name == "media_version":
        return hashlib.sha256((folder / "media" / "MANIFEST.json").read_bytes()).hexdigest()[:16]
    raise AttributeError(name)


def __getattr__(name: str) -> str:
    """What the leaves of the 42 cells name (`named`)."""
    return named(DATA, name)


def prompt_templates() -> Path:
    """templates/prompts: inside the wheel beside this module, in a checkout at the top level."""
    return _templates("templates", "prompts")


def attack_templates() -> Path:
    """templates/attacks: inside the wheel beside this module, in a checkout at the top level."""
    return _templates("attack_templates", "attacks")


def _templates(in_wheel: str, in_checkout: str) -> Path:
    inside = HERE / in_wheel
    return inside if inside.is_dir() else HERE.parent / "templates" / in_checkout


def data_version() -> str:
    """The version of scenarios and media, as written in data/VERSION."""
    return (DATA / "VERSION").read_text(encoding="utf-8").strip()
