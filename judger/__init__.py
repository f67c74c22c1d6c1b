"""Uni-Judger: reads a model's reply and gives it two verdicts, contextual and intrinsic.

    from judger import judge
    judge([{"prompt": "…", "category": "privacy_leak"}], ["I can't help with that."])

The names in `__all__` are the public API (docs/api.md); everything else may change. The rooms, from
bottom to top: `contract` (words, items, records, settings), `media`, `reply`, `endpoint`, `judges`,
`engine`, `rates`, `offline`, `validation`, `bridges` (the harnesses). Nothing here imports
`uni_safe_tasks` or `leaderboard`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

#: Whose package this is: another distribution may bring one of the same name.
__distribution__ = "uni-safebench"

if TYPE_CHECKING:
    from judger.contract.errors import UserError as UserError
    from judger.contract.item import Item as Item
    from judger.contract.record import Record as Record
    from judger.contract.settings import Settings as Settings
    from judger.contract.taxonomy import CATEGORIES as CATEGORIES
    from judger.contract.taxonomy import TASK_TYPES as TASK_TYPES
    from judger.engine.session import Session as Session
    from judger.judging import Judgements as Judgements
    from judger.judging import ajudge as ajudge
    from judger.judging import judge as judge
    from judger.rates.metrics import METRICS as METRICS
    from judger.rates.statistics import Mean as Mean
    from judger.rates.statistics import Rate as Rate
    from judger.reply.read import read_reply as read_reply
    from judger.reply.reply import Reply as Reply

#: Public name -> the module it lives in: loaded when it is first used.
_HOME = {
    "judge": "judging",
    "ajudge": "judging",
    "Judgements": "judging",
    "Item": "contract.item",
    "Record": "contract.record",
    "Settings": "contract.settings",
    "UserError": "contract.errors",
    "CATEGORIES": "contract.taxonomy",
    "TASK_TYPES": "contract.taxonomy",
    "METRICS": "rates.metrics",
    "Rate": "rates.statistics",
    "Mean": "rates.statistics",
    "Reply": "reply.reply",
    "read_reply": "reply.read",
    "Session": "engine.session",
}
__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
