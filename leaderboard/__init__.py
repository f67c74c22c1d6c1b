"""From records to a published number: runs, reports, comparisons, submissions, the board.

    from leaderboard import load_run, summarise
    summarise(load_run(Path("runs/demo")))

The names in `__all__` are the public API (docs/api.md); everything else may change. The rooms, from
bottom to top: `text`, `published`, `runs`, `compare`, `report`, `submission` (and its rules),
`preflight`, `board` (and its site), `commands`. It may import `judger` and `uni_safe_tasks`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

#: Whose package this is: another distribution may bring one of the same name.
__distribution__ = "uni-safebench"

if TYPE_CHECKING:
    from leaderboard.board.site.build import build as build_site  # noqa: F401
    from leaderboard.compare.differences import compare as compare_runs  # noqa: F401
    from leaderboard.report.summary import summarise as summarise
    from leaderboard.runs.read import Run as Run
    from leaderboard.runs.read import load_run as load_run
    from leaderboard.submission.submit import About as About
    from leaderboard.submission.submit import build as submit  # noqa: F401
    from leaderboard.submission.validate import check_all as validate  # noqa: F401

#: Public name -> (module, its name there): loaded when it is first used.
_HOME = {
    "Run": ("runs.read", "Run"),
    "load_run": ("runs.read", "load_run"),
    "summarise": ("report.summary", "summarise"),
    "compare_runs": ("compare.differences", "compare"),
    "About": ("submission.submit", "About"),
    "submit": ("submission.submit", "build"),
    "validate": ("submission.validate", "check_all"),
    "build_site": ("board.site.build", "build"),
}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, own = _HOME[name]
    return getattr(import_module(f"{__name__}.{module}"), own)


def __dir__() -> list[str]:
    return sorted(__all__)
