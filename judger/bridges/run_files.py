"""The files that a harness (or `uni-safe score`) leaves of a run, found and opened; nothing judged.

A results file names a date, and the samples files of that date beside it are its own:

    <date>_results.json, <date>_samples_<task>.jsonl      lmms-eval, uni-safe score, rejudge
    results_<date>.json, samples_<task>_<date>.jsonl      lm-eval
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from judger.contract.cell import SUITE
from judger.contract.errors import UserError
from judger.offline.partial import PARTIAL
from judger.rates.metrics import PAPER_PREFIX

_RESULTS = re.compile(r"(?:(?P<before>.+)_)?results(?:_(?P<after>.+))?\.json$")
_SAMPLES = re.compile(
    r"(?:(?P<before>.+)_)?samples_(?P<task>uni_?safe\w*?)(?:_(?P<after>\d{4}-.*))?\.jsonl$"
)
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
MAX_RESULTS = 256 * 1024 * 1024
#: What lmms-eval writes its dates in where nothing else is asked for.
_HARNESS_ZONE = "Asia/Singapore"


class FileError(UserError):
    """A results file that is none: which, and what is wrong with it."""


@dataclass(frozen=True)
class RunFiles:
    """One results file and its samples files by task. Without the first, a run that was cut off."""

    results: Path | None
    loaded: Mapping[str, Any] = field(repr=False)
    samples: Mapping[str, Path]
    #: When it ended, as far as that can be known.
    date: datetime

    @property
    def config(self) -> Mapping[str, Any]:
        """What the harness was told."""
        found = self.loaded.get("config")
        return found if isinstance(found, dict) else {}

    @property
    def where(self) -> Path:
        """The file by which this run is named in messages."""
        return self.results or next(iter(self.samples.values()))


def find(folder: Path) -> Iterator[RunFiles]:
    """Every run at or below a folder; FileError at a results file that cannot be read."""
    for run in _scan(folder):
        if isinstance(run, FileError):
            raise run
        yield run


def readable(place: Path) -> tuple[list[RunFiles], list[str]]:
    """The runs at or below a place (or of one results file), and why others cannot be read."""
    try:
        found = [opened(place)] if place.is_file() else list(_scan(place))
    except FileError as error:
        return [], [str(error)]
    runs = [run for run in found if isinstance(run, RunFiles)]
    return runs, [str(run) for run in found if isinstance(run, FileError)]


def _scan(folder: Path) -> Iterator[RunFiles | FileError]:
    samples: dict[tuple[Path, str], dict[str, Path]] = {}
    for path in sorted(folder.rglob("*.jsonl")):
        if match := _SAMPLES.match(path.name):
            key = path.parent, match["before"] or match["after"] or ""
            samples.setdefault(key, {})[match["task"]] = path
    for path in sorted(folder.rglob("*results*.json")):
        if match := _RESULTS.match(path.name):
            key = path.parent, match["before"] or match["after"] or ""
            try:
                yield opened(path, samples.pop(key, {}))
            except FileError as error:
                yield error
    for alone in samples.values():
        newest = max(path.stat().st_mtime for path in alone.values())
        yield RunFiles(None, {}, alone, datetime.fromtimestamp(newest, timezone.utc))


def opened(path: Path, samples: Mapping[str, Path] | None = None) -> RunFiles:
    """One results file, with its samples files if they are not known; FileError."""
    if samples is None:
        match = _RESULTS.match(path.name)
        key = (match["before"] or match["after"] or "") if match else ""
        found = ((p, _SAMPLES.match(p.name)) for p in sorted(path.parent.glob("*.jsonl")))
        samples = {m["task"]: p for p, m in found if m and (m["before"] or m["after"] or "") == key}
    try:
        if path.stat().st_size > MAX_RESULTS:
            raise ValueError(f"{path.stat().st_size} bytes")
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(loaded, dict) or not isinstance(loaded.get("config") or {}, dict):
            raise ValueError("no object, or its config is none")
    except (OSError, ValueError, RecursionError) as error:
        raise FileError(f"{path} is no result file of a run ({error}); move it") from None
    return RunFiles(path, loaded, samples, date_of(loaded, path))


def date_of(loaded: Mapping[str, Any], path: Path) -> datetime:
    """When a run ended, by what its results file says; by the file's own time where it does not.

    File names are no guide: they hold a local time, and `--timezone` changes which.
    """
    ours = loaded.get("uni_judger")
    said = ours.get("finished") if isinstance(ours, dict) else None
    if isinstance(said, str):
        try:
            found = datetime.fromisoformat(said)
            return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
        except ValueError:
            pass
    date = loaded.get("date")
    if isinstance(date, (int, float)):  # lm-eval: when it began
        return datetime.fromtimestamp(float(date), timezone.utc)
    try:
        local = datetime.strptime(str(date), "%Y%m%d_%H%M%S")
        return local.replace(tzinfo=_zone(loaded)).astimezone(timezone.utc)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)


def day_of(date: object) -> str:
    """The date in a results file as 2026-11-27, "" where it has none.

    lmms-eval writes it out, in a zone of its own; lm-eval counts seconds.
    """
    if isinstance(date, (int, float)):
        return f"{datetime.fromtimestamp(float(date), timezone.utc):%Y-%m-%d}"
    match = _DAY.match(str(date or ""))
    return "-".join(match.groups()) if match else ""


def _zone(loaded: Mapping[str, Any]) -> tzinfo | None:
    """The zone of a results file's date; None is this machine's."""
    config = loaded.get("config")
    arguments = config.get("resolved_cli_args") if isinstance(config, dict) else None
    name = arguments.get("timezone") if isinstance(arguments, dict) else None
    if name is None and "lmms_eval_version" not in loaded:
        return None
    try:
        return ZoneInfo(str(name or _HARNESS_ZONE))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.utc


def partial_files(folder: Path) -> list[Path]:
    """What a killed `uni-safe score` or `rejudge` left: files that were never whole."""
    return sorted(folder.rglob(f"*{PARTIAL}"))


def is_ours(task: str) -> bool:
    """Does a results file's task name belong to a suite of ours?"""
    return task.startswith((f"{SUITE}_", PAPER_PREFIX, "unisafe_"))
