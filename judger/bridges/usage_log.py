"""What the judges of a run spent, told to lmms-eval's usage log with the source `judge`.

lmms-eval sums its log up after the last aggregation, in the first process only, and gathers nothing
from the others. So what another process's judge spent travels with its records (`shipped`, read
back by `arrived`), as totals: however often they arrive, they count once.

The log takes one entry a call. Calls belong to no single task (identical questions are asked once
for all), so the entries name the suite.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

from judger.engine.session import Session

#: Never imported by us: where it is not loaded, another harness runs, which keeps no such log.
_MODULE = "lmms_eval.models.model_utils.usage_metrics"
SUITE = "uni_safe"
_KEPT = ("calls", "input_tokens", "output_tokens")

_totals: dict[str, Counter[str]] = {}
_logged: Counter[str] = Counter()


def shipped(session: Session) -> tuple[str, Mapping[str, int]]:
    """What `arrived` needs in another process: which judge, and what it spent so far."""
    usage = session.judge.usage()
    return session.identity, {name: int(usage[name]) for name in _KEPT}


def arrived(record: dict[str, Any], who: str, spent: Mapping[str, int]) -> dict[str, Any]:
    """The record, once what its process's judge had spent is known here."""
    _totals[who] = _totals.get(who, Counter()) | Counter(spent)  # totals only grow
    return record


def log(session: Session) -> None:
    """Log what this process's judge, and those heard of, spent since the last time.

    To be called when no question is in flight: a call is known from its start, its tokens from its
    end.
    """
    log_usage = getattr(sys.modules.get(_MODULE), "log_usage", None)
    if log_usage is None:
        return
    arrived({}, *shipped(session))
    new = sum(_totals.values(), Counter[str]()) - _logged
    _logged.update(new)
    for call in range(new["calls"]):
        log_usage(
            session.judge.identity["model"],
            SUITE,
            input_tokens=_part(new["input_tokens"], call, new["calls"]),
            output_tokens=_part(new["output_tokens"], call, new["calls"]),
            source="judge",
        )


def _part(total: int, part: int, parts: int) -> int:
    """One of so many whole numbers, as even as they can be, that sum up to the total."""
    return total * (part + 1) // parts - total * part // parts
