"""What a run has spent: the judge's calls, tokens and cost, the model's tokens, the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from judger.contract.settings import Settings, SettingsError, load
from leaderboard.runs.read import Run

#: A harness's usage log → our names, which are those of `uni-safe score` and `rejudge`.
_JUDGE = {"n_api_calls": "calls", "input_tokens": "input_tokens", "output_tokens": "output_tokens"}


def spent(run: Run) -> Mapping[str, float]:
    """What was spent, by name: the judge's and the model's, over records and result files.

    A harness logs tokens and no prices: a judge's cost is then told at the prices that are set
    here, if they are set for the judge of this run.
    """
    total: defaultdict[str, float] = defaultdict(float)
    for record in run.records:
        for name, amount in record.usage.items():
            total[f"judge {name}"] += amount
    prices = _prices(run)
    for result in run.results:
        for name, amount in _logged(result.get("usage") or {}, prices):
            total[name] += amount
        for name, amount in (result.get("judge_usage") or {}).items():
            total[f"judge {name}"] += amount
        total["run seconds"] += float(result.get("total_evaluation_time_seconds") or 0)
    return dict(total)


def _logged(usage: Mapping[str, Any], prices: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """(name, amount) of lmms-eval's usage log; where it names no sources all is the model's."""
    sources = usage.get("by_source") or {"model": usage.get("total") or {}}
    for name, amount in (sources.get("model") or {}).items():
        yield f"model {name}", amount
    judge = sources.get("judge") or {}
    for logged, name in _JUDGE.items():
        if logged in judge:
            yield f"judge {name}", judge[logged]
    if judge and prices:
        yield "judge cost", sum(judge.get(name, 0) * price for name, price in prices.items()) / 1e6


def _prices(run: Run) -> Mapping[str, float]:
    """The prices of 1e6 tokens that are set for the one judge of this run; empty without."""
    try:
        settings = load()
    except SettingsError:
        settings = Settings()
    prices = {"input_tokens": settings.price_input, "output_tokens": settings.price_output}
    models = {record.judge.get("model") for record in run.records} - {None}
    known = any(prices.values()) and models == {settings.model} and not settings.ensemble
    return prices if known else {}
