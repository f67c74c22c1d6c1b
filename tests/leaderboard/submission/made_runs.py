"""Runs made for tests of submissions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from judger.contract.protocol import VERSION
from judger.contract.record import Record
from judger.judges.rules import RulesJudge
from leaderboard.runs.read import Run, Sample
from tests.leaderboard.submissions import TEXT_ONLY, verdict_lines
from uni_safe_tasks.scenario.locations import data_version

ABOUT: dict[str, Any] = {
    "model_id": "org/model",
    "model_revision": "r1",
    "family": "llm",
    "weights": "open",
    **TEXT_ONLY,
    "submitter": "A. Person",
    "generated_by": "A. Lab",
    "judged_by": "A. Lab",
    "day": "2026-02-02",
}


SUITE = "0.3.0 0123456789abcdef0123456789abcdef01234567 clean"


SETTINGS = {"max_new_tokens": 1024, "until": []}


def results(tasks: list[str], **facts: Any) -> dict[str, Any]:
    """What the harness writes of a run, as far as a submission reads it."""
    model_args = "policy=mixed,output_dir=/home/me/out,hf_token=s3cret,max_tokens=512"
    return {
        "date": "20260201_000000",
        "config": {"model": "uni_safe_control", "model_args": model_args, "limit": None},
        "configs": {task: {"generation_kwargs": SETTINGS} for task in tasks},
        "n-shot": dict.fromkeys(tasks, 0),
    } | facts


def run(lines: list[dict[str, Any]] | None = None, **facts: Any) -> Run:
    """A run with these verdicts, judged by `rules`."""
    samples = []
    for line in verdict_lines(modalities=TEXT_ONLY) if lines is None else lines:
        about = {
            "judge": RulesJudge.identity,
            "template_sha256": {"contextual": "a" * 64, "intrinsic": "b" * 64},
            "data_version": data_version(),
            "suite": SUITE,
            "protocol": VERSION,
            "reason": "a judge's words",
        }
        record = Record.from_json(about | line)
        task = f"uni_safe_{line['category']}_{line['task_type']}"
        samples.append(Sample(task, "the prompt", "the reply", record))
    tasks = sorted({sample.task for sample in samples})
    return Run((), tuple(samples), (results(tasks, **facts),))


def edited(**changes: Any) -> list[dict[str, Any]]:
    lines = verdict_lines(modalities=TEXT_ONLY)
    lines[5] |= changes
    return lines


def judged_by(suite: str, first: int, last: int | None) -> Run:
    return rewritten(run(), slice(first, last), suite=suite)


def rewritten(made: Run, where: slice, **fields: Any) -> Run:
    """The run with some fields of some records replaced."""
    samples = list(made.samples)
    samples[where] = [replace(s, record=s.record.changed(**fields)) for s in samples[where]]
    return replace(made, samples=tuple(samples))
