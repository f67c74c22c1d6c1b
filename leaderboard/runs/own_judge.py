"""Did a model judge itself? By what was configured on both sides, and what both servers said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from judger.contract.record import JudgeIdentity
from judger.contract.texts.model_names import first_same, named_in
from leaderboard.runs.read import Run
from leaderboard.runs.weights import named_weights


def own_judge(run: Run) -> str:
    """The name under which a judge of this run is the model under test; "" where none is known."""
    models = list(model_names(run))
    seen = {id(r.judge): r.judge for r in (*run.records, *run.said) if r.judge}.values()
    judges = [name for judge in seen for name in judge_names(judge)]
    same = first_same(dict.fromkeys(judges), models)
    return "" if same is None else same[0]


def model_names(run: Run) -> Iterator[str]:
    """What the harness was told to ask, and what that server says it serves."""
    for result in run.results:
        yield from weights_of(result.get("config"))
        yield from served_by(result)


def weights_of(config: Any) -> list[str]:
    """The weights that the harness's `--model_args` name; none where they name none."""
    arguments = config.get("model_args") if isinstance(config, Mapping) else None
    if isinstance(arguments, Mapping):
        arguments = ",".join(f"{key}={value}" for key, value in arguments.items())
    return named_weights(str(arguments)) if arguments else []


def served_by(result: Mapping[str, Any]) -> list[str]:
    """What the model's own server said it serves, as a results file has it."""
    ours = result.get("uni_judger")
    named = ours.get("served") if isinstance(ours, Mapping) else None
    return [str(name)[:200] for name in named] if isinstance(named, list) else []


def judge_names(judge: JudgeIdentity) -> Iterator[str]:
    """The names of a judge and its members: as configured, and as their servers say."""
    yield str(judge.get("model", ""))
    for told in (judge.get("served", ""), judge.get("served_as", "")):
        yield from named_in(str(told))
    for member in judge.get("members") or ():
        yield from judge_names(member)
