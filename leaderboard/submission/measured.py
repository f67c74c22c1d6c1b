"""How a run was measured, from its own records and results: protocol, calibration, harness."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from judger.bridges.run_files import day_of
from judger.contract.errors import UserError
from judger.contract.protocol import HALF, VERSION, number_of, told
from judger.contract.record import Record
from judger.contract.settings import SettingsError
from judger.engine.provenance import DISTRIBUTION, WHEEL
from judger.rates.calibration import of_file
from judger.reply.traits import echoes, loops
from leaderboard.runs import versions
from leaderboard.runs.own_judge import served_by
from leaderboard.runs.part import limit_of
from leaderboard.runs.read import Run
from leaderboard.runs.run_calibration import calibration_of
from leaderboard.runs.weights import own_weights
from leaderboard.submission import manifest
from leaderboard.text.secrets import redacted
from uni_safe_tasks.scenario.locations import data_version

#: What a judge's identity says in fields of its own; the rest are its details.
_FIELDS = {
    "backend",
    "model",
    "mode",
    "calibrated",
    "revision",
    "decoding",
    "parser",
    "unfit",
    "labelled",
}


class SubmitError(UserError):
    """A run that cannot be submitted as it is: what stands against it, and what to do."""


def protocol(run: Run, records: Sequence[Record], judge_revision: str) -> dict[str, Any]:
    """Everything that two rows must share to be comparable; SubmitError where records differ."""
    if not records:
        raise SubmitError("the run holds no item: was it logged with --log_samples?")
    same(records, "data_version", data_version(), "this installation's data")
    first = records[0]
    same_protocol(records)
    if first.judge.get("mode") == "reference":
        raise SubmitError(
            "the run was judged by the published protocol, which is no measurement of ours; "
            "judge it strictly: uni-safe rejudge"
        )
    for key in ("judge", "template_sha256"):
        same(records, key, getattr(first, key), "the first item's")
    judge: dict[str, Any] = dict(first.judge)
    attack = f"{first.attack} {first.attack_sha256}" if first.attack else ""
    for record in records:
        if (record.attack, record.attack_sha256) != (first.attack, first.attack_sha256):
            said = f"{record.attack or 'no attack'}, the first item under {attack or 'none'}"
            raise SubmitError(f"{record.item_id} was asked under {said}; a row is under one")
    return {
        **({"attack": attack} if attack else {}),
        **({"limit": HALF} if limit(run, records) == HALF else {}),
        "version": max(record.protocol for record in records),
        "data_version": data_version(),
        "data_sha256": manifest.data_sha256(),
        "prompt_templates": manifest.prompt_template_sha256(),
        "judge_templates": dict(first.template_sha256),
        "judge": {
            "backend": judge["backend"],
            "model": judge["model"],
            "revision": judge_revision or judge.get("revision", ""),
            "parser": judge.get("parser", ""),
            "decoding": judge.get("decoding", {}),
            "details": {k: _scalar(v) for k, v in sorted(judge.items()) if k not in _FIELDS}
            | _members(judge),
        },
        "generation": _generation(run),
    }


def same(records: Sequence[Record], key: str, wanted: Any, whose: str) -> None:
    """SubmitError for the first record that does not say `wanted` of `key`."""
    for record in records:
        if not wanted or getattr(record, key) != wanted:
            raise SubmitError(
                f"{record.item_id}: {key} is {getattr(record, key)!r}, {whose} is {wanted!r}; "
                "submit with the version that ran"
            )


def same_protocol(records: Sequence[Record]) -> None:
    """SubmitError for the first record of a protocol with another number than this suite's."""
    for record in records:
        if number_of(record.protocol) != number_of(VERSION):
            raise SubmitError(
                f"{record.item_id}: protocol {told(record.protocol)}, this suite's is {VERSION}: "
                "figures of the two cannot be compared; submit with the version that ran"
            )


def _members(judge: Mapping[str, Any]) -> dict[str, str]:
    """Back end, model and what its server says it serves, of each member of an ensemble.

    Rules about the judge read them: no hash will do.
    """
    found = {}
    for n, member in enumerate(judge.get("members") or (), 1):
        for key, value in member.items():
            if key in ("backend", "model") or "served" in key:
                found[f"member_{n}_{key}"] = str(value)
    return found


def _scalar(value: Any) -> Any:
    """A setting as one scalar: lists and objects as JSON, or as its hash where that is long."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= 200 else f"sha256 {hashlib.sha256(text.encode()).hexdigest()}"


def calibration(run: Run, records: Sequence[Record], path: Path | None) -> dict[str, Any]:
    """Was this run's judge measured, and the hash of the file that says how well.

    SubmitError when the file is no calibration, or that of another judge or wording.
    """
    digest, why = "", ""
    if path is not None:
        try:
            found = calibration_of(run, path)
            why = "" if found is None else of_file(found).unfit
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except (SettingsError, OSError) as error:
            raise SubmitError(f"--calibration: {' '.join(str(error).split())}") from None
    calibrated = all(r.judge["calibrated"] for r in records) and not why
    return {"calibrated": calibrated, "sha256": digest}


def replies(records: Sequence[Record]) -> dict[str, Any] | None:
    """What can be said of the replies without a judge; None where no record says it."""
    known = [record.traits for record in records if record.kind != "canary" and record.traits]
    if not known:
        return None
    return {
        "n": len(known),
        "looping": sum(map(loops, known)),
        "echoing": sum(map(echoes, known)),
        "unfinished": sum(traits.get("unfinished", 0.0) == 1.0 for traits in known),
        "median_words": float(median(traits.get("words", 0.0) for traits in known)),
    }


def _tasks(run: Run) -> dict[str, dict[str, Any]]:
    """The newest result file that ran each task."""
    return {
        task: result
        for result in run.results
        for task in result.get("configs", {})
        if task.startswith("uni_safe")
    }


def _generation(run: Run) -> dict[str, Any]:
    """The settings that all cells were generated with; SubmitError when they differ."""
    found: dict[str, dict[str, Any]] = {}
    for task, result in _tasks(run).items():
        settings = result["configs"][task].get("generation_kwargs") or {}
        system = str(result.get("system_instruction") or "")
        found[task] = {
            **{key: _scalar(value) for key, value in sorted(settings.items())},
            "num_fewshot": int(result.get("n-shot", {}).get(task) or 0),
            "system_instruction": hashlib.sha256(system.encode()).hexdigest() if system else "",
        }
    for task, settings in found.items():
        if settings != (first := next(iter(found.values()))):
            raise SubmitError(f"{task} was generated with {settings}, other cells with {first}")
    return next(iter(found.values()), {"source": "replies made outside the harness"})


def generated(run: Run) -> str:
    """The day of the newest results, from the harness's own date."""
    return max((day_of(result.get("date")) for result in run.results), default="")


def harness(run: Run, records: Sequence[Record]) -> dict[str, Any]:
    """What ran: versions, back ends, `--limit`, and the suite's code as the records name it."""
    configs = _configs(run)
    backends = sorted({_backend(c) for c in configs})
    if len(named := {name for each in backends for name in own_weights(each)}) > 1:
        raise SubmitError(f"the run holds replies of several models, {sorted(named)}; a row is one")
    version, commit, state = _suite(records)
    return {
        "versions": versions.versions() | {DISTRIBUTION: version},
        "backends": backends,
        "served": sorted(set(_served(run)))[:50],
        "limit": limit(run, records),
        "commit": "" if commit == WHEEL else commit,
        "clean": state == "clean",
    }


def _configs(run: Run) -> list[dict[str, Any]]:
    """How the harness was called, once for each task."""
    newest = [result.get("config", {}) for result in _tasks(run).values()]
    return newest or [result.get("config", {}) for result in run.results]


def limit(run: Run, records: Sequence[Record]) -> float | None:
    """The run's `--limit`, None for the whole suite; SeveralPartsError."""
    return limit_of((config.get("limit") for config in _configs(run)), records)


def _served(run: Run) -> Iterator[str]:
    """What the model's servers say they serve; of a path, which may be private, the last part."""
    for name in (name for result in run.results for name in served_by(result)):
        yield redacted(Path(name).name if _is_path(name) else name)


def _is_path(name: str) -> bool:
    return name.startswith(("/", "~", "."))


def _suite(records: Sequence[Record]) -> Sequence[str]:
    """(version, commit, state) of the suite that judged all of the run (`engine.provenance`)."""
    first = records[0].suite
    for record in records:
        said = record.suite
        if len(said.split()) != 3 or said != first:
            raise SubmitError(
                f"{record.item_id} was judged by suite {said or 'unknown'}, the first item by "
                f"{first or 'unknown'}; judge the whole run again with `uni-safe rejudge`"
            )
    return str(first).split()


def _backend(config: Mapping[str, Any]) -> str:
    """`--model` and `--model_args` with `…` in place of what must not be published."""
    arguments = redacted(" ".join(str(config.get("model_args") or "").split()))[:150]
    return redacted(f"{config.get('model') or ''} {arguments}".strip())  # a cut can bare a name
