"""Where the suite's files are, in a checkout and in a wheel.

The six constants named like categories are what the leaves' `data_files` point to: a constant,
because a relative path means something else in lmms-eval and in lm-eval.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
DATA = HERE / "data"
TASKS = HERE / "tasks"

toxicity_content = str(DATA / "toxicity_content.jsonl")
sensitive_topics = str(DATA / "sensitive_topics.jsonl")
privacy_leak = str(DATA / "privacy_leak.jsonl")
unethical_activities = str(DATA / "unethical_activities.jsonl")
physical_and_mental_harm = str(DATA / "physical_and_mental_harm.jsonl")
biased_opinion = str(DATA / "biased_opinion.jsonl")


def __getattr__(name: str) -> str:
    """`media_version`: a short hash over the hashes of all media, read when it is asked for."""
    if name != "media_version":
        raise AttributeError(name)
    return hashlib.sha256((DATA / "media" / "MANIFEST.json").read_bytes()).hexdigest()[:16]


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
