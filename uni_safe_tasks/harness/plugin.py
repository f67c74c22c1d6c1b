"""Discovery without `--include_path`: the entry point of group `lmms_eval.models`.

lmms-eval loads that group on every run, before it indexes tasks. We use the moment to hand over our
model manifests and to add our folders to the index of tasks. Nothing else of lmms-eval is touched
until a task of ours is built (`begin`).
"""

from __future__ import annotations

from typing import Any

from uni_safe_tasks.harness.patches import discovery

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
    """The payload of the entry point: model manifests. Also lets our tasks be found."""
    from lmms_eval.models.registry_v2 import ModelManifest

    discovery.install()
    return [
        *(ModelManifest(name, chat_class_path=path) for name, path in CHAT.items()),
        *(ModelManifest(name, simple_class_path=path) for name, path in SIMPLE.items()),
    ]
