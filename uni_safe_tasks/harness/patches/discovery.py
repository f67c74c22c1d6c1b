"""Our folders of tasks in every index that lmms-eval makes, without `--include_path`.

Always installed: without it no task of ours can be asked for. It adds names and changes none.
"""

from __future__ import annotations

import warnings
from typing import Any

from uni_safe_tasks.harness.patches.replace import UnknownHarness, replace
from uni_safe_tasks.harness.patches.yaml_in_c import reading_in_c
from uni_safe_tasks.paper.index import without_empty
from uni_safe_tasks.paper.leaves import FOLDER as PAPER
from uni_safe_tasks.scenario.locations import TASKS


def install() -> bool:
    """Idempotent; False, and a warning, where lmms-eval has no such place (0.7.3)."""
    try:
        replace("lmms_eval.tasks:TaskManager", "initialize_tasks", _with_ours, ["include_path"])
    except UnknownHarness as error:
        warnings.warn(f"{error}: use --include_path {TASKS}", stacklevel=2)
        return False
    return True


def _with_ours(original: Any) -> Any:
    def initialize_tasks(self: Any, include_path: Any = None, *args: Any, **kwargs: Any) -> Any:
        paths = [include_path] if isinstance(include_path, str) else list(include_path or [])
        ours = [str(folder) for folder in (TASKS, PAPER) if str(folder) not in paths]
        with reading_in_c():
            return without_empty(original(self, [*ours, *paths], *args, **kwargs))

    return initialize_tasks
