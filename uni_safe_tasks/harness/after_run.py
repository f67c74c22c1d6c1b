"""After a run somebody checks it: what was written, what was stopped, how much is unscored."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judger.bridges.run_check import differences
from judger.bridges.run_files import FileError, is_ours, opened
from judger.bridges.unscored import too_many_unscored
from judger.contract.settings import load
from judger.engine.current import reset, silence, stopped
from uni_safe_tasks.harness.installed.fit import find_unfit

#: So many reasons why a run failed are said; `uni-safe doctor RUN` says all of them.
MOST = 10
#: Said of silence for which no version is known to be the cause.
UNKNOWN = (
    "a fault that the back end swallowed: look for the first error above, or ask one item alone"
)


@dataclass(frozen=True)
class Ended:
    """A run that ended: the results that the harness returned, and where and since when it wrote.

    `results` is None in every process but the first.
    """

    results: Mapping[str, Any] | None
    output_path: str | None
    started: float
    model: str = ""

    @property
    def ours(self) -> bool:
        """Were any of its tasks ours?"""
        return any(map(is_ours, (self.results or {}).get("results", {})))


def problems(ended: Ended) -> list[str]:
    """Why the run failed, a line each; none when it did not. Runs of other tasks: saved or not."""
    if os.environ.get("RANK", "0") != "0":
        return []
    path = results_file(ended)
    if ended.output_path and path is None:
        return [f"no results file was written below {ended.output_path}"]
    return list(_of_ours(ended, path)) if ended.ours else []


def _of_ours(ended: Ended, path: Path | None) -> Iterator[str]:
    if why := stopped():
        yield f"the judge stopped: {why}"
    if said := silence():
        yield f"{ended.model}: {said}; likely cause: {_cause(ended.model)}"
    try:
        run = opened(path) if path is not None else None
    except FileError as error:
        yield str(error)
        run = None
    if why := too_many_unscored((ended.results or {}).get("results", {}), load().max_unscored):
        yield why
    if run is None:
        return
    yield from differences(run)


def _cause(model: str) -> str:
    return next((str(u) for u in find_unfit({model}) if model in u.fact.back_ends), UNKNOWN)


def results_file(ended: Ended) -> Path | None:
    """The results file of this run: of its date, written since it began."""
    if not ended.output_path:
        return None
    date = (ended.results or {}).get("date")
    name = f"{date}_results.json" if date else "*_results.json"
    written = (p for p in Path(ended.output_path).rglob(name.replace(":", "-")))
    return next((p for p in written if p.stat().st_mtime >= ended.started - 2), None)


def say(found: list[str]) -> None:
    """Say why a run failed, on the error stream."""
    for why in found[:MOST]:
        print(f"lmms_eval: the run failed: {why}", file=sys.stderr)
    if len(found) > MOST:
        print(f"lmms_eval: and {len(found) - MOST} more: uni-safe doctor RUN", file=sys.stderr)


def check_at_exit(ended: Ended) -> None:
    """The same for lmms-eval's own command, which exits 0 whatever happened.

    Files are written after the last place that we are called from, so it is done when the process
    ends. An exit status can be changed there only by leaving at once.
    """

    def check() -> None:
        if found := problems(ended):
            say(found)
            reset()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(1)

    atexit.register(check)
