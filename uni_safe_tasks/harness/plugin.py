"""Discovery without `--include_path`: the entry point of group `lmms_eval.models`.

lmms-eval loads that group on every run, before it indexes tasks. We use the moment to hand over our
model manifests, to add our tasks folders to what every `TaskManager` indexes, to spare back ends
what they cannot do (`capabilities`), to mend the reply cache (`replay`) and to have replies judged
as they came (`reasoning`).
"""

from __future__ import annotations

from typing import Any

from uni_safe_tasks.harness.patches import reasoning, reply_cache
from uni_safe_tasks.harness.patches.replace import replace
from uni_safe_tasks.paper.index import without_empty
from uni_safe_tasks.paper.leaves import FOLDER as PAPER
from uni_safe_tasks.suite import capabilities
from uni_safe_tasks.suite.locations import TASKS

_BAGEL = "lmms_eval.models.simple.bagel.BagelUMM"
#: Our back ends; and lmms-eval 0.7.3 looks for BAGEL's in places where it is not.
CHAT = {
    "uni_safe_control": "uni_safe_tasks.models.control.UniSafeControl",
    "uni_safe_janus": "uni_safe_tasks.models.janus.UniSafeJanus",
    "uni_safe_emu3": "uni_safe_tasks.models.emu3.UniSafeEmu3",
    "uni_safe_any_to_any": "uni_safe_tasks.models.any_to_any.UniSafeAnyToAny",
}
SIMPLE = {"bagel": _BAGEL, "bagel_umm": _BAGEL}


def manifests() -> list[Any]:
    """The payload of the entry point: model manifests. Also reaches into lmms-eval, see above."""
    from lmms_eval.models.registry_v2 import ModelManifest

    add_tasks()
    capabilities.install()
    reply_cache.install()
    reasoning.install()
    return [
        *(ModelManifest(name, chat_class_path=path) for name, path in CHAT.items()),
        *(ModelManifest(name, simple_class_path=path) for name, path in SIMPLE.items()),
    ]


def add_tasks() -> bool:
    """Make every TaskManager index our folders. Idempotent; False (and a warning) if it cannot."""
    otherwise = f"use --include_path {TASKS}"
    return replace("lmms_eval.tasks:TaskManager", "initialize_tasks", _with_ours, otherwise)


def _with_ours(original: Any) -> Any:
    def initialize_tasks(self: Any, include_path: Any = None, *args: Any, **kwargs: Any) -> Any:
        paths = [include_path] if isinstance(include_path, str) else list(include_path or [])
        ours = [str(folder) for folder in (TASKS, PAPER) if str(folder) not in paths]
        return without_empty(original(self, [*ours, *paths], *args, **kwargs))

    return initialize_tasks
