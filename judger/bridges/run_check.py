"""A finished run held against itself: requests = replies = records = lines on disk = n.

lmms-eval swallows what goes wrong while it writes (a file can end in the middle), and zips whatever
it got. So cell by cell the numbers are compared: what was asked and answered (as it was counted
while it ran), what lies on disk, and what the results file says. A difference is a line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.bridges.run_files import RunFiles, is_ours
from judger.contract.record import Record, RecordError
from judger.rates.counts import Counts, number

#: No line of a samples file is longer (characters).
MAX_LINE = 4 * 1024 * 1024
_MOST = 3


@dataclass
class OnDisk:
    """What a samples file holds."""

    lines: int = 0
    counts: Counts = field(default_factory=Counts)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Lines that hold no record, and why: the first few.
    broken: list[str] = field(default_factory=list)
    unread: int = 0


def differences(run: RunFiles) -> Iterator[str]:
    """One line for each cell of a run whose numbers do not agree, or whose file holds no record."""
    results = run.loaded.get("results")
    cells = results if isinstance(results, dict) else {}
    names = [name for name in cells if is_ours(name) and not _is_group(cells[name])]
    for name in sorted({*names, *(task for task in run.samples if is_ours(task))}):
        yield from _cell(run, name, cells.get(name))
    ours = run.loaded.get("uni_judger")
    faults = ours.get("faults") if isinstance(ours, dict) else None
    for fault in faults if isinstance(faults, list) else ():
        yield str(fault)


def _is_group(cell: Any) -> bool:
    return not isinstance(cell, dict) or ("uni_judger,none" not in cell and "unscored,none" in cell)


def _cell(run: RunFiles, name: str, said: Any) -> Iterator[str]:
    path = run.samples.get(name)
    numbers: dict[str, int] = dict(_traffic(run, name))
    expected = _expected(run, name)
    if expected is not None:
        numbers["documents"] = expected
    disk = read(path) if path is not None else None
    if disk is not None:
        numbers["lines on disk"] = disk.lines
        numbers["records"] = disk.lines - disk.unread
        yield from (f"{path}{line}" for line in disk.broken)
        if disk.unread > len(disk.broken):
            yield f"{path}: {disk.unread - len(disk.broken)} more lines hold no record"
    counts = said.get("uni_judger,none") if isinstance(said, dict) else None
    if isinstance(counts, dict):
        numbers["items in the results file"] = number(counts.get("items"))
    elif run.results is not None and said is None:
        yield f"{name}: {path} has no cell in {run.results}"
    if disk is None and run.results is not None and _logged(run):
        yield f"{name}: there is no samples file of it beside {run.results}"
    if len(set(numbers.values())) > 1:
        yield f"{name}: " + ", ".join(f"{n} {what}" for what, n in numbers.items())
    elif disk is not None and isinstance(counts, dict) and not disk.unread:
        yield from _n(name, disk.counts.to_json(), counts)


def _n(name: str, held: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    """The n of each rate and the outcomes, by the records on disk and by the results file."""
    if "replies" not in said:  # an earlier suite did not count what can be said of them
        held = {key: value for key, value in held.items() if key != "replies"}
    if held != dict(said):
        wrong = [key for key in {**held, **said} if held.get(key) != said.get(key)]
        pairs = (f"{key} {held.get(key, 0)} / {said.get(key, 0)}" for key in wrong)
        yield f"{name}: records on disk / results file: {', '.join(pairs)}"


def _traffic(run: RunFiles, name: str) -> Iterator[tuple[str, int]]:
    ours = run.loaded.get("uni_judger")
    traffic = ours.get("traffic") if isinstance(ours, dict) else None
    seen = traffic.get(name) if isinstance(traffic, dict) else None
    if isinstance(seen, dict):
        repeats = _repeats(run, name)
        for what in ("requests", "replies"):
            found = number(seen.get(what))
            yield what, found // repeats if found % repeats == 0 else found


def _repeats(run: RunFiles, name: str) -> int:
    configs = run.loaded.get("configs")
    config = configs.get(name) if isinstance(configs, dict) else None
    repeats = config.get("repeats") if isinstance(config, dict) else None
    return repeats if isinstance(repeats, int) and repeats > 0 else 1


def _expected(run: RunFiles, name: str) -> int | None:
    """How many documents the harness meant to ask; its `effective` knows nothing of an offset."""
    known = run.loaded.get("n-samples")
    sizes = known.get(name) if isinstance(known, dict) else None
    if not isinstance(sizes, dict):
        return None
    original, effective = number(sizes.get("original")), number(sizes.get("effective"))
    return min(effective, max(0, original - number(run.config.get("offset"))))


def _logged(run: RunFiles) -> bool:
    arguments = run.config.get("resolved_cli_args")
    return isinstance(arguments, dict) and arguments.get("log_samples") is True


def read(path: Path) -> OnDisk:
    """Count what a samples file holds; a line that is no record is named, not raised."""
    found = OnDisk()
    try:
        with path.open("rb") as lines:
            for place, line in enumerate(lines, 1):
                found.lines += 1
                why = _add(found, line)
                if why:
                    found.unread += 1
                    if len(found.broken) < _MOST:
                        found.broken.append(f":{place}: {why}")
    except OSError as error:
        found.broken.append(f": {error}")
    return found


def _add(found: OnDisk, line: bytes) -> str:
    """Count one line; why it holds no record, "" where it does."""
    if len(line) > MAX_LINE:
        return f"a line of {len(line)} bytes"
    try:
        record = Record.from_json(json.loads(line)["uni_judger"])
    except (RecordError, ValueError, KeyError, TypeError, RecursionError) as error:
        return f"no uni_judger record ({' '.join(str(error).split())[:160]})"
    found.counts.add(record)
    if record.outcome != "scored":
        found.reasons[record.outcome, record.reason[:160]] += 1
    return ""


def likely_cause(run: RunFiles) -> str:
    """Why a run holds no verdict at all: its most frequent reason, in one line; "" if it has one.

    A back end that swallows its exceptions answers everything with an empty text.
    """
    disks = [read(path) for name, path in run.samples.items() if is_ours(name)]
    outcomes = Counter(o for disk in disks for o in disk.counts.outcomes.elements())
    if not outcomes or outcomes["scored"] or set(outcomes) == {"unsupported"}:
        return ""
    reasons = sum((disk.reasons for disk in disks), Counter[tuple[str, str]]())
    (outcome, reason), often = reasons.most_common(1)[0]
    all_of_them = sum(outcomes.values())
    hint = _HINTS.get(outcome, "")
    return f"nothing was judged: {often} of {all_of_them} {outcome} ({reason}){hint}"


_HINTS = {
    "no_output": "; most back ends of lmms-eval answer an exception of their own with an empty "
    "text: its log says which, and `uni-safe doctor` which versions do that",
    "target_error": "; the model's back end or server failed, not the judge",
    "judge_error": "; the judge could not be asked: `uni-safe doctor`",
    "judge_unparsable": "; the judge's answers cannot be read: see docs/judge.md",
    "judge_refusal": "; the judge declines to judge: take another one",
    "provider_blocked": "; a provider's filter stands before the model",
}
