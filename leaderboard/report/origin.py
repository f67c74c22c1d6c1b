"""Where a run's numbers come from: judges, templates, phases, reasons of faults. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from judger.bridges.run_files import day_of
from judger.contract.record import Record
from judger.rates.calibration import Standing
from leaderboard.runs.read import Run
from leaderboard.text.secrets import redacted


def reasons(records: Sequence[Record]) -> tuple[tuple[str, str, int], ...]:
    """(outcome, reason, how often), the most frequent first."""
    seen = Counter((str(r.outcome), str(r.reason)[:200]) for r in records if r.outcome != "scored")
    return tuple((outcome, reason, count) for (outcome, reason), count in seen.most_common())


def judges(
    records: Sequence[Record], now: Standing | None
) -> tuple[tuple[Mapping[str, Any], int], ...]:
    """Every judge of the run with the number of items it judged.

    A judge that was not measured when it judged may have been measured by `now`, and the other way
    round: a file that is given decides.
    """
    seen = Counter(json.dumps(r.judge, sort_keys=True) for r in records if r.judge)
    known = {} if now is None else {
        "calibrated": now.calibrated, "unfit": now.unfit, "labelled": now.labelled
    }  # fmt: skip
    return tuple((json.loads(judge) | known, count) for judge, count in seen.most_common())


def forms(records: Sequence[Record]) -> tuple[tuple[str, int], ...]:
    """In which form judges were shown the sounds and films of questions, and how often each."""
    own = (form for r in records for part in r.parts for form in part.shown.values())
    votes = (vote for r in records for part in r.parts for vote in part.judges)
    seen = Counter([*own, *(vote["shown"] for vote in votes if "shown" in vote)])
    return tuple(seen.most_common())


def templates(records: Sequence[Record]) -> tuple[tuple[str, str], ...]:
    """(axis, hash) of every judge template that was used."""
    used = {pair for r in records for pair in r.template_sha256.items()}
    return tuple(sorted(used))


#: The arguments of back ends that say which model it is, the most telling first.
_NAMES = ("pretrained", "model_version", "model", "policy")


def name(run: Run) -> str:
    """What people call the model: `Qwen2.5-VL-7B-Instruct`, not the back end and its arguments."""
    found = [_named(result.get("config") or {}) for result in run.results]
    return " + ".join(dict.fromkeys(filter(None, found))) or run.model


def _named(config: Mapping[str, Any]) -> str:
    """The last part of the model's id among a back end's arguments, else the back end's name."""
    arguments = _arguments(config.get("model_args"))
    back_end = str(config.get("model") or "")
    for key in _NAMES:
        # A folder's own name says which model it is; where it lies is nobody's business.
        if value := redacted(arguments.get(key, "").rstrip("/").rpartition("/")[2]):
            return f"{back_end} {value}" if key == "policy" else value
    return back_end


def _arguments(given: object) -> dict[str, str]:
    """A back end's arguments: a string from lmms-eval, an object from lm-eval."""
    if isinstance(given, Mapping):
        return {str(key): str(value) for key, value in given.items()}
    parts = (part.partition("=") for part in str(given or "").split(","))
    return {key.strip(): value.strip() for key, equals, value in parts if equals}


def dates(found: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The days of the phases, as 2026-11-27, each once."""
    return tuple(sorted({day for phase in found if (day := day_of(phase["date"]))}))


def phases(run: Run) -> tuple[Mapping[str, Any], ...]:
    """Date, model (without secrets among its arguments) and limit of each result file."""
    found = []
    for result in run.results:
        config = result.get("config") or {}
        arguments = redacted(str(config.get("model_args") or ""))
        model = f"{config.get('model') or ''} {arguments}".strip()
        found.append({"date": result.get("date"), "model": model, "limit": config.get("limit")})
    return tuple(found)
