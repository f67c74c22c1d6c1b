"""A finished run, checked again from its files: `uni-safe doctor RUN`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from judger.bridges.run_check import differences, likely_cause
from judger.bridges.run_files import RunFiles, is_ours, partial_files, readable
from judger.bridges.unscored import too_many_unscored
from judger.contract.settings import load
from leaderboard.preflight.doctor import Finding
from leaderboard.runs.choose import RunError, choose


def check(place: Path) -> Iterator[Finding]:
    """One finding for each difference in the runs at or below a place, or one that all is well."""
    if not place.exists():
        yield Finding("fail", "run", f"{place} is not there", "give the --output_path of a run")
        return
    runs, broken = readable(place)
    for problem in broken:
        yield Finding("fail", "results", problem)
    for run in runs:
        yield from _of(run)
    if not runs and not broken:
        yield Finding("fail", "run", f"{place} holds no run", "give the --output_path of a run")
    elif place.is_dir():
        yield from _folder(place)


def _of(run: RunFiles) -> Iterator[Finding]:
    cells = run.loaded.get("results")
    wrong = list(differences(run))
    for problem in wrong:
        yield Finding("fail", "run", problem, "run it again, or move its files elsewhere")
    counted = cells if isinstance(cells, dict) else {}
    if why := too_many_unscored(counted, load().max_unscored):
        yield Finding("fail", "unscored", why)
    if why := likely_cause(run):
        yield Finding("fail", "unscored", why)
    if not wrong:
        ours = sum(map(is_ours, run.samples))
        date = f"{run.date:%Y-%m-%d %H:%M} UTC"
        yield Finding("ok", "run", f"{run.where.name} ({date}): the numbers of {ours} tasks agree")


def _folder(place: Path) -> Iterator[Finding]:
    try:
        for note in choose([place], paper=True, iso=True).notes:
            yield Finding("warn", "runs", note)
    except RunError as error:
        yield Finding("warn", "runs", str(error))
    if left := partial_files(place):
        cure = "the command that was killed goes on from there and clears them"
        yield Finding("warn", "partial", f"{len(left)} files of a killed process: {left[0]}", cure)
