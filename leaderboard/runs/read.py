"""Reading a run back: what the harness (or `uni-safe score`) wrote, as samples with their records.

A run is a folder with `*_results.json` and `*_samples_<task>.jsonl` anywhere below it, or one of
these results files; several folders are the phases of one run (`choose`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.bridges.run_check import MAX_LINE
from judger.contract.record import Record
from leaderboard.runs.choose import RunError, choose
from leaderboard.runs.part import A_PART, told

__all__ = ["Run", "RunError", "Sample", "first_reply", "load_run"]


@dataclass(frozen=True)
class Sample:
    """One item of a run: what was asked, what came back, and the record of its judgement."""

    task: str
    prompt: str
    reply: str
    record: Record
    input_media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A whole run. `results` are the harness's own result files, oldest first.

    `notes` are what a reader has to know of the folder: cells that were run twice, say. `paper`:
    it is a run of the paper's own tasks (`uni_safebench_*`). `sentences` are the samples of the
    second suite (`unisafe_iso_*`): no rate of a cell, no mean and no submission knows them.
    """

    folders: tuple[Path, ...]
    samples: tuple[Sample, ...]
    results: tuple[dict[str, Any], ...] = ()
    files: tuple[Path, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    paper: bool = False
    sentences: tuple[Sample, ...] = ()

    @property
    def records(self) -> list[Record]:
        """The records of all samples."""
        return [sample.record for sample in self.samples]

    @property
    def said(self) -> list[Record]:
        """The records of all sentences."""
        return [sample.record for sample in self.sentences]

    @property
    def model(self) -> str:
        """The model's name as the harness was told it."""
        for result in self.results:
            config = result.get("config", {})
            arguments = str(config.get("model_args") or "")
            return f"{config.get('model', '')} {arguments}".strip()
        return "unknown"

    @property
    def limited(self) -> bool:
        """Was only a part of the suite asked (`--limit`)?"""
        return bool(self.part)

    @property
    def part(self) -> str:
        """Which part of the suite was asked, as people are told; "" for the whole."""
        configs = [result.get("config") for result in self.results]
        if self.paper:  # other data, which have no half
            return A_PART if any(isinstance(c, dict) and c.get("limit") for c in configs) else ""
        limits = [c.get("limit") if isinstance(c, dict) else None for c in configs]
        return told(limits, self.records)


def load_run(folders: Path | Sequence[Path], paper: bool = False, iso: bool = False) -> Run:
    """Read one run.

    Args:
        folders: the run's folder or results file, or those of its phases.
        paper: whether it may be a run of the paper's own tasks.
        iso: whether it may be a run of sentences alone.

    Raises:
        RunError: there is no run, or there are several of different models.
    """
    many = (folders,) if isinstance(folders, Path) else tuple(folders)
    chosen = choose(many, paper, iso)
    samples, sentences = (
        tuple(_once(s for task, path in files.items() for s in _samples(task, path)))
        for files in (chosen.samples, chosen.sentences)
    )
    _require_one_attack(many, (*samples, *sentences))
    return Run(
        many,
        samples,
        tuple(dict(run.loaded) for run in chosen.results if run.results is not None),
        tuple(chosen.samples.values()),
        chosen.notes,
        chosen.paper,
        sentences,
    )


def _require_one_attack(folders: Sequence[Path], samples: Iterable[Sample]) -> None:
    """RunError where records name several attacks, or some of them none."""
    under = {sample.record.attack: sample.task for sample in samples}
    if len(under) > 1:
        named = ", ".join(f"{name or 'none'} ({task})" for name, task in sorted(under.items()))
        where = ", ".join(map(str, folders))
        raise RunError(f"{where}: records of several attacks are not one run: {named}")


def _samples(task: str, path: Path) -> Iterator[Sample]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(iter(lambda: lines.readline(MAX_LINE + 1), b""), 1):
                if len(line) > MAX_LINE:
                    raise RunError(f"{path}:{number}: a line of more than {MAX_LINE} bytes")
                try:
                    yield _sample(task, json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    why = " ".join(repr(error).split())[:300]
                    raise RunError(f"{path}:{number}: no uni_judger record ({why})") from None
    except OSError as error:
        raise RunError(f"{path}: {error.strerror or error}") from None


def _sample(task: str, row: Any) -> Sample:
    record = Record.from_json(row["uni_judger"])
    media = row.get("input_media")
    named = tuple(map(str, media)) if isinstance(media, list) else ()
    return Sample(task, _prompt(row), first_reply(row), record, named)


def _prompt(row: Mapping[str, Any]) -> str:
    """What was asked: lmms-eval logs it as `input`, lm-eval as the first generation's argument.

    lm-eval logs it inside the model's chat template; then the request of the document is shown.
    """
    value = row.get("input")
    if value is None:
        try:
            value = row["arguments"]["gen_args_0"]["arg_0"]
        except (KeyError, TypeError):
            value = ""
        doc = row.get("doc")
        asked = doc.get("prompt") if isinstance(doc, dict) else None
        if isinstance(asked, str) and asked and asked in str(value):
            return asked
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def first_reply(row: Mapping[str, Any]) -> str:
    """The reply that was judged: the first filtered response."""
    value = row.get("filtered_resps", "")
    while isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def _once(samples: Iterable[Sample]) -> list[Sample]:
    """Each item once: across processes the harness may repeat one to fill a shard."""
    return list({sample.record.item_id: sample for sample in samples}.values())
