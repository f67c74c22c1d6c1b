"""Reading a run back: what the harness (or `uni-safe score`) wrote, as samples with their records.

A run is a folder with `*_results.json` and `*_samples_<task>.jsonl` anywhere below it; several
folders are the phases of one run. Where a task was run more than once the newest file counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.contract.record import Record

_SAMPLES = re.compile(r"(?:(?P<date>.+)_)?samples_(?P<task>uni_safe_\w*?)(?:_\d{4}-.*)?\.jsonl$")
MAX_LINE = 4 * 1024 * 1024


class RunError(ValueError):
    """A folder that holds no run, or a file in it that cannot be read: which, and what to do."""


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
    """A whole run. `results` are the harness's own result files, oldest first."""

    folders: tuple[Path, ...]
    samples: tuple[Sample, ...]
    results: tuple[dict[str, Any], ...] = ()
    files: tuple[Path, ...] = field(default=(), repr=False)

    @property
    def records(self) -> list[Record]:
        """The records of all samples."""
        return [sample.record for sample in self.samples]

    @property
    def model(self) -> str:
        """The model's name as the harness was told it."""
        for result in self.results:
            config = result.get("config", {})
            arguments = str(config.get("model_args") or "")
            return f"{config.get('model', '')} {arguments}".strip()
        return "unknown"


def load_run(folders: Path | Sequence[Path]) -> Run:
    """Read one run from its folder, or its phases from theirs; RunError when there is none."""
    many = (folders,) if isinstance(folders, Path) else tuple(folders)
    newest = sample_files(many)
    results = [path for folder in many for path in sorted(folder.rglob("*results*.json"))]
    files = tuple(newest.values())
    samples = [s for task, path in sorted(newest.items()) for s in _samples(task, path)]
    return Run(many, tuple(_once(samples)), tuple(map(_result, results)), files)


def _result(path: Path) -> dict[str, Any]:
    """A result file; RunError when it is none."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(loaded.get("config") or {}, dict):
            return loaded
    except (ValueError, AttributeError):
        pass
    raise RunError(f"{path} is no result file of a run; move it elsewhere")


def sample_files(folders: Sequence[Path]) -> dict[str, Path]:
    """The newest samples file of each task below the folders; RunError when there is none."""
    newest: dict[str, tuple[str, Path]] = {}
    for folder in folders:
        if not folder.is_dir():
            raise RunError(f"{folder} is no folder; give the --output_path of a run")
        for path in sorted(folder.rglob("*.jsonl")):
            if match := _SAMPLES.search(path.name):
                # Result files are named by time, so names sort by age.
                candidate = (path.name, path)
                newest[match["task"]] = max(newest.get(match["task"], candidate), candidate)
    if not newest:
        raise RunError(
            f"no samples of uni_safe tasks below {', '.join(map(str, folders))}; "
            "run lmms_eval with --output_path and --log_samples (runs of the paper's own "
            "uni_safebench tasks hold their numbers in their results file)"
        )
    return {task: path for task, (_, path) in newest.items()}


def _samples(task: str, path: Path) -> Iterator[Sample]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_LINE:
                raise RunError(f"{path}:{number}: a line of {len(line)} characters")
            try:
                row = json.loads(line)
                record = Record.from_json(row["uni_judger"])
            except (ValueError, KeyError, TypeError) as error:
                raise RunError(f"{path}:{number}: no uni_judger record ({error!r})") from None
            media = tuple(map(str, row.get("input_media") or ()))
            yield Sample(task, _prompt(row), first_reply(row), record, media)


def _prompt(row: Mapping[str, Any]) -> str:
    """What was asked: lmms-eval logs it as `input`, lm-eval as the first generation's argument."""
    value = row.get("input")
    if value is None:
        try:
            value = row["arguments"]["gen_args_0"]["arg_0"]
        except (KeyError, TypeError):
            value = ""
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
