"""What the judges of a run spent, told to lmms-eval's usage log with the source `judge`.

lmms-eval sums its log up after the last aggregation, in the first process only, and gathers nothing
from the others. So what another process's judge spent, and what was asked there, travels with its
records (`shipped`, read back by `arrived`), as totals: however often they arrive, they count once.

The log takes one entry a call. Calls belong to no single task (identical questions are asked once
for all), so the entries name the suite.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from judger.contract.cell import SUITE
from judger.engine.current import current
from judger.engine.run_state import RunState, Traffic
from judger.engine.session import Session

#: Never imported by us: where it is not loaded, another harness runs, which keeps no such log.
_MODULE = "lmms_eval.models.model_utils.usage_metrics"
_KEPT = ("calls", "input_tokens", "output_tokens")


class Shipped(NamedTuple):
    """What travels beside a record: whose it is, and that process's totals so far."""

    process: str
    spent: Mapping[str, int]
    traffic: Traffic


def shipped(session: Session) -> Shipped:
    """What `arrived` needs in another process."""
    usage = session.judge.usage()
    spent = {name: int(usage[name]) for name in _KEPT}
    return Shipped(session.identity, spent, session.state.traffic)


def arrived(record: dict[str, Any], sent: Shipped) -> dict[str, Any]:
    """The record, once what its process had spent and asked is known here."""
    here = current()
    _count(here.state, sent)
    if sent.process != here.identity:
        here.state.elsewhere[sent.process] = sent.traffic
    return record


def _count(state: RunState, sent: Shipped) -> None:
    known = state.spent.get(sent.process, Counter())
    state.spent[sent.process] = known | Counter(sent.spent)  # totals only grow


def log(session: Session) -> None:
    """Log what this process's judge, and those heard of, spent since the last time.

    To be called when no question is in flight: a call is known from its start, its tokens from its
    end.
    """
    log_usage = getattr(sys.modules.get(_MODULE), "log_usage", None)
    if log_usage is None:
        return
    state = session.state
    _count(state, shipped(session))
    new = sum(state.spent.values(), Counter[str]()) - state.logged
    state.logged.update(new)
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
