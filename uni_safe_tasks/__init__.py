"""What the harness sees: 42 leaves and their templates, the data, hooks, and the plug-in.

    from uni_safe_tasks import item, items
    item("pri-h101.text_generation").prompt

The names in `__all__` are the public API (docs/api.md); everything else may change. The rooms:
`suite` (scenarios and what is made of them), `media` (the authors' renderer), `tasks/` (YAML),
`data/`, `models` (back ends), `harness` (what lmms-eval calls and what is mended in it),
`importers` and `paper` (other people's data, from a user's own copy).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

#: Whose package this is: another distribution may bring one of the same name.
__distribution__ = "uni-safebench"

if TYPE_CHECKING:
    from uni_safe_tasks.scenario.schema import Scenario as Scenario
    from uni_safe_tasks.suite.items import item as item
    from uni_safe_tasks.suite.items import items as items

#: Public name -> the module it lives in: loaded when it is first used.
_HOME = {"item": "suite.items", "items": "suite.items", "Scenario": "scenario.schema"}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
