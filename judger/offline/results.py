"""Writing what a harness run writes: `<date>_samples_<task>.jsonl` and `<date>_results.json`.

So that a run that was judged later reads like one that was judged at once. Files carry `.partial`
until all of them are whole: a killed process leaves nothing that looks like a run, and what it left
is cleared by the next one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from judger.contract.record import JudgeIdentity, Record
from judger.offline.partial import PARTIAL, claim, clear
from judger.rates.counts import Counts
from judger.rates.metrics import METRICS, names_of, score


class ResultFiles:
    """The files of one run, open while it is written. A context manager; `finish` makes it whole.

    `config` goes into the results file as the harness's own would: `model`, `model_args`. `origin`
    holds further parts of the results file of the run that made the replies, if there was one.
    """

    def __init__(
        self, folder: Path, config: Mapping[str, Any], origin: Mapping[str, Any] | None = None
    ) -> None:
        self.folder, self.config, self.origin = folder, dict(config), dict(origin or {})
        self.date = datetime.now().strftime("%Y%m%d_%H%M%S")
        self._open = ExitStack()
        self._samples: dict[str, TextIO] = {}
        self._lines: dict[str, int] = defaultdict(int)
        self._attacks: dict[str, str] = {}
        self._counts: dict[str, Counts] = defaultdict(Counts)
        self._names: dict[str, dict[str, str]] = defaultdict(dict)
        self._made: list[Path] = []

    def __enter__(self) -> ResultFiles:
        self.folder.mkdir(parents=True, exist_ok=True)
        clear(self.folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()
        for path in self._made:  # empty after `finish`
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        path = self.folder / f"{self.date}_{name}{PARTIAL}"
        self._made.append(path)
        return path

    def add(self, task: str, row: Mapping[str, Any], record: Record) -> None:
        """Write one sample: `row` holds input, filtered_resps, input_media."""
        if task not in self._samples:
            path = self._path(f"samples_{task}.jsonl")
            # A lone surrogate has no UTF-8: Python's escape for it is JSON's, too.
            self._samples[task] = self._open.enter_context(
                path.open("w", encoding="utf-8", errors="backslashreplace")
            )
            claim(self._samples[task])
        counted: dict[str, Any] = {}
        named = names_of(task, record.kind)
        for name, metric in named.items():
            value = score(metric, record)
            counted[name] = {"item_id": record.item_id}
            if value is not None:
                counted[name]["score"] = value
        self._names[task] |= {metric: name for name, metric in named.items()}
        sample = {"doc_id": self._lines[task], **row, "uni_judger": record.to_json(), **counted}
        self._samples[task].write(json.dumps(sample, ensure_ascii=False) + "\n")
        self._lines[task] += 1
        self._counts[task].add(record)
        if record.attack:
            self._attacks[record.attack] = record.attack_sha256

    def finish(
        self, judge: JudgeIdentity, usage: Mapping[str, float], max_unscored: float = 1.0
    ) -> Path:
        """Write the results file and give every file its name; returns the results file's path.

        Where more of a cell is unscored than `max_unscored`, the number of scored items stands in
        place of a rate.
        """
        results: dict[str, dict[str, Any]] = {}
        for task, counts in sorted(self._counts.items()):
            made, names = counts.rates(max_unscored), self._names[task]
            rates = {f"{names[metric]},none": value for metric, value in made.items()}
            results[task] = {"alias": task, **rates, "uni_judger,none": counts.to_json()}
        ours: dict[str, Any] = {
            "finished": datetime.now(timezone.utc).isoformat(timespec="seconds")
        }
        for name, sha256 in self._attacks.items():  # a run is under one at most
            ours["attack"] = {"name": name, "sha256": sha256}
        whole = {
            **self.origin,
            "results": results,
            "higher_is_better": {
                task: {name: METRICS[metric] for metric, name in self._names[task].items()}
                for task in results
            },
            "n-samples": {t: {"original": n, "effective": n} for t, n in self._lines.items()},
            "config": self.config,
            "date": self.date,
            "uni_judger": ours,
            "judge": judge,
            "judge_usage": dict(usage),
        }
        path = self._path("results.json")
        path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
        self._open.close()
        named = [made.rename(made.with_name(made.name[: -len(PARTIAL)])) for made in self._made]
        self._made.clear()
        return named[-1]
