"""What stands against comparing runs (judges, protocols, attacks, data), said before numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from judger.contract.protocol import HALF_TOLD, number_of, told
from judger.contract.record import Record
from judger.rates.calibration import who


def caveats(
    runs: Mapping[str, Sequence[Record]],
    parts: Mapping[str, str] | None = None,
    own: Mapping[str, str] | None = None,
) -> list[str]:
    """What stands against comparing these runs, one sentence each; empty when nothing does.

    `parts` says which part of the suite each was asked (`Run.part`), `own` names those that were
    judged by their own model, with its name.
    """
    said = [
        f"JUDGED BY ITSELF: the judge of {run} is the model under test, {name}"
        for run, name in (own or {}).items()
    ]
    parts = parts or {}
    if halves := [name for name, part in parts.items() if part == HALF_TOLD]:
        said.append(_of_halves(halves, len(runs)))
    if limited := [name for name, part in parts.items() if part not in ("", HALF_TOLD)]:
        said.append(
            f"A PART OF THE SUITE (--limit): {', '.join(limited)}; the intervals are as wide as so "
            "few scenarios make them, and say nothing of items that were not drawn at random"
        )
    judges = {name: seen for name, records in runs.items() if (seen := _seen(records, _judge))}
    if len(set(judges.values())) > 1:
        listed = "; ".join(f"{name}: {told}" for name, told in _apart(judges).items())
        said.append(f"NOT COMPARABLE: different judges ({listed}); see `uni-safe rejudge`")
    if other := different_protocols(runs):
        said.append(other)
    if pressed := different_attacks(runs):
        said.append(pressed)
    judged = [r.judge for records in runs.values() for r in records]
    if unfit := sorted({judge["unfit"] for judge in judged if judge.get("unfit")}):
        said.append(f"MEASURED, UNFIT: the judge is not calibrated: {'; '.join(unfit)}")
    elif not all(judge.get("calibrated") for judge in judged):
        said.append("UNCALIBRATED: the judge's accuracy has not been measured")
    elif on := sorted({judge["labelled"] for judge in judged if judge.get("labelled")}):
        said.append(f"the judge is calibrated on {'; '.join(on)}")
    for what, get in (
        ("data versions", lambda r: r.data_version),
        ("judge templates", lambda r: tuple(sorted(r.template_sha256.items()))),
    ):
        if len({_seen(records, get) for records in runs.values()}) > 1:
            said.append(f"the runs have different {what}")
    return said


def _of_halves(halves: Sequence[str], runs: int) -> str:
    """What is said where some of the runs, or all, asked the half."""
    if len(halves) == runs:
        return f"HALF OF THE SUITE: {HALF_TOLD}: {', '.join(halves)}: a protocol of its own"
    return (
        f"HALF AND WHOLE: {', '.join(halves)} asked the {HALF_TOLD}, a protocol of its own; "
        "differences are on the items that both runs asked"
    )


def different_protocols(runs: Mapping[str, Sequence[Record]]) -> str:
    """What is said where protocols differ in their number, "" else; a letter changes nothing."""
    seen = {name: {told(r.protocol) for r in records} for name, records in runs.items()}
    numbers = {name: {number_of(r.protocol) for r in records} for name, records in runs.items()}
    if len(set().union(*numbers.values())) < 2:
        return ""
    listed = "; ".join(f"{name}: {', '.join(sorted(versions))}" for name, versions in seen.items())
    return f"NOT COMPARABLE: different protocols ({listed}); see `uni-safe rejudge`"


def different_attacks(runs: Mapping[str, Sequence[Record]]) -> str:
    """What is said where one run was made under an attack that another was not under, "" else."""
    under = {name: {r.attack for r in records} for name, records in runs.items()}
    if len(set().union(*under.values())) < 2:
        return ""
    listed = "; ".join(
        f"{name}: {', '.join(attack or 'none' for attack in sorted(mine))}"
        for name, mine in under.items()
    )
    return f"UNDER ATTACK ({listed}): the differences hold what the wrapper does"


def _judge(record: Record) -> str:
    """All that makes a judge another one, as JSON; what is not told is left out."""
    facts = who(record.judge)
    return json.dumps({k: v for k, v in sorted(facts.items()) if v not in (None, "", {}, [])})


def _apart(judges: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Name -> in what its judges differ from the others'."""
    facts = {name: [json.loads(judge) for judge in mine] for name, mine in judges.items()}
    every = [judge for mine in facts.values() for judge in mine]
    keys = [
        key
        for key in sorted({key for judge in every for key in judge})
        if len({json.dumps(judge.get(key)) for judge in every}) > 1
    ]
    told = {
        name: [", ".join(f"{key} {_told(judge.get(key))}" for key in keys) for judge in mine]
        for name, mine in facts.items()
    }
    return {name: " and ".join(mine) for name, mine in told.items()}


def _told(value: Any) -> str:
    return "unknown" if value is None else value if isinstance(value, str) else json.dumps(value)


def _seen(records: Sequence[Record], get: Callable[[Record], Any]) -> tuple[Any, ...]:
    return tuple(sorted({get(r) for r in records if r.outcome == "scored"}, key=str))
