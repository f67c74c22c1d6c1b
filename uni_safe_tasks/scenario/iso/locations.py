"""Where the rows and media of the second suite are: `data/iso`, a data folder with its own version.

The six constants named like categories are what the leaves' `data_files` point to, as in
`scenario.locations`.
"""

from __future__ import annotations

import hashlib

from judger.contract.iso import ISO_SUITE
from uni_safe_tasks.scenario import locations

DATA = locations.DATA / "iso"
TASKS = locations.TASKS / "iso"

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


def data_version() -> str:
    """The version of rows and media with the suite's name: never that of the 42 cells' data."""
    return f"{ISO_SUITE}:{(DATA / 'VERSION').read_text(encoding='utf-8').strip()}"
