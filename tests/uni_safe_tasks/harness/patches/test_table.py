"""docs/patches.md names every file that changes something in lmms-eval, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
FOLDER = ROOT / "uni_safe_tasks" / "harness" / "patches"
#: What helps the patches and changes nothing itself.
HELPERS = {"__init__.py", "replace.py", "ours.py"}


def test_the_table_names_every_patch_and_no_other() -> None:
    table = (ROOT / "docs" / "patches.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+\.py)` \|", table, re.M)
    assert len(named) == len(set(named))
    assert set(named) == {path.name for path in FOLDER.glob("*.py")} - HELPERS
