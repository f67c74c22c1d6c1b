"""Reading submissions from their folders and holding them to the rules.

Submissions are hostile input: only plain files of bounded size are read, nothing is followed out of
the folder, and whatever cannot be parsed becomes a finding, never an exception.
"""

from __future__ import annotations

import functools
import io
import os
import stat
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from pydantic import ValidationError
from pydantic_core import from_json

from judger.contract.errors import UserError
from judger.rates.calibration import Calibration
from leaderboard.submission import verdicts
from leaderboard.submission.facts import CALIBRATION, SUBMISSION, VERDICTS, Submission
from leaderboard.submission.rules import (
    COLLECTION_RULES,
    FILE_RULES,
    RULES,
    Case,
    Collection,
    Finding,
    Problem,
)
from leaderboard.submission.rules.files import ValidSchema

MAX_BYTES = {SUBMISSION: 256 * 1024, VERDICTS: 8 * 1024 * 1024, CALIBRATION: 256 * 1024}
#: Files that may lie beside the submissions, at the top of their folder.
BESIDE = ("README.md",)
#: So many findings of one rule in one submission are shown; the rest is counted.
SHOWN = 5


class SubmissionsError(UserError):
    """A folder of submissions, or an earlier state of it, that cannot be read."""


def folders(root: Path) -> list[str]:
    """The submissions below `root`, as `<organisation>__<model>/<id>`, sorted."""
    if not root.is_dir():
        raise SubmissionsError(f"{root} is no folder of submissions")
    return sorted(
        f"{model}/{one}" for model in _plain_folders(root) for one in _plain_folders(root / model)
    )


def _plain_folders(folder: Path) -> list[str]:
    """The folders in one; no hidden one, no link. None where it may not be read."""
    try:
        with os.scandir(folder) as entries:
            return [
                entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
            ]
    except PermissionError:
        return []


def strays(root: Path) -> list[str]:
    """What lies below `root` and is no submission: stray files, links, folders without one."""
    known = {(root / relative).parent for relative in folders(root)}
    found = []
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.name in BESIDE:
            continue
        if path not in known:
            found.append(path.name)
        else:
            found += [
                f"{path.name}/{inner.name}"
                for inner in sorted(path.iterdir())
                if inner.is_symlink() or not inner.is_dir() or inner.name.startswith(".")
            ]
    return found


def read(root: Path, relative: str) -> Case:
    """One submission as far as it can be read. Never raises on what the files hold."""
    return parse(relative, files_in(root / relative))


def parse(relative: str, files: Mapping[str, bytes]) -> Case:
    """A submission from the bytes of its files."""
    if set(files) - {CALIBRATION} != {SUBMISSION, VERDICTS}:
        return Case(relative, files)
    faults: list[Problem] = []
    loaded, submission, said, measured = None, None, None, None
    try:
        loaded = from_json(files[SUBMISSION], allow_inf_nan=False)
        submission = Submission.model_validate(loaded)
    except ValidationError as error:
        faults += _faults(f"{relative}/{SUBMISSION}", error)
    except ValueError as error:
        faults.append(Problem(f"{relative}/{SUBMISSION}", f"is no JSON: {error}"))
    try:
        said = verdicts.parse(files[VERDICTS])
    except verdicts.LineFaults as error:
        for fault in error.faults:
            where = f"{relative}/{VERDICTS} line {fault.line} {fault.field}".rstrip()
            faults.append(Problem(where, fault.what))
    try:
        measured = _calibration(files[CALIBRATION]) if CALIBRATION in files else None
    except ValidationError as error:
        faults += [*_faults(f"{relative}/{CALIBRATION}", error)][:SHOWN]
    return Case(relative, files, loaded, submission, said, tuple(faults), measured)


@functools.lru_cache(maxsize=64)  # the rows of one judge share their calibration
def _calibration(data: bytes) -> Calibration:
    return Calibration.model_validate_json(data)


def listed(folder: Path) -> dict[str, os.stat_result]:
    """What lies in a folder, by name, and what the file system says of it; no link is followed."""
    with os.scandir(folder) as entries:
        found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
    return dict(sorted(found.items()))


def files_in(folder: Path, lying: Mapping[str, os.stat_result] | None = None) -> dict[str, bytes]:
    """The plain files of a folder; anything else, or too large, is there without being read.
    `lying` is what is `listed` there, where that is known."""
    found = {}
    for name, said in (listed(folder) if lying is None else lying).items():
        if name not in MAX_BYTES:
            found[name] = b""
        elif stat.S_ISREG(said.st_mode) and said.st_size <= MAX_BYTES[name]:
            found[name] = (folder / name).read_bytes()
    return found


def _faults(file: str, error: ValidationError) -> Iterator[Problem]:
    for fault in error.errors(include_url=False, include_context=False):
        where = ".".join(map(str, fault["loc"]))
        yield Problem(
            f"{file} {where}".rstrip(), f"{fault['msg']} (got {verdicts.short(fault['input'])})"
        )


def check(case: Case) -> list[Finding]:
    """What stands against one submission, by every rule that looks at one alone."""
    found = [r.finding(p) for r in FILE_RULES for p in r().check(case)]
    if case.submission is None or case.verdicts is None:
        return _bounded(found)
    for rule in RULES:
        found += [rule.finding(problem) for problem in rule().check(case, case.submission)]
    return _bounded(found)


def held(
    root: Path, relative: str, files: Mapping[str, bytes] | None = None
) -> tuple[Case, list[Finding]]:
    """A submission, and what stands against it. Never raises: one folder that cannot be read or
    checked must not keep the others from it, so that is a finding, too. `files` are its files where
    they were read already."""
    try:
        case = read(root, relative) if files is None else parse(relative, files)
        return case, check(case)
    except Exception as error:  # noqa: BLE001 hostile input, and a bug of ours must not hide others
        return Case(relative, {}), [unusable(relative, error)]


def unusable(relative: str, error: Exception) -> Finding:
    """The finding that stands for an exception."""
    why = f"cannot be used: {type(error).__name__}: {' '.join(str(error).split())}"
    return ValidSchema.finding(Problem(f"{relative}/{SUBMISSION}", why[:300]))


def check_all(root: Path, baseline: Mapping[str, bytes] | None = None) -> list[Finding]:
    """What stands against the submissions below a folder.

    Args:
        root: the folder of all submissions.
        baseline: files that were there before (path -> bytes), which only a status may change.

    Returns:
        A finding for each place that breaks a rule; [] when every rule is met.
    """
    everything = [held(root, relative) for relative in folders(root)]
    found = [finding for _, findings in everything for finding in findings]
    return found + check_collection([case for case, _ in everything], baseline, strays(root))


def check_collection(
    cases: list[Case],
    baseline: Mapping[str, bytes] | None = None,
    beside: Sequence[str] = (),
) -> list[Finding]:
    """What stands against the submissions taken together."""
    collection = Collection(cases, baseline, beside)
    return [r.finding(p) for r in COLLECTION_RULES for p in r().check(collection)]


def _bounded(found: list[Finding]) -> list[Finding]:
    shown: list[Finding] = []
    for number in dict.fromkeys(finding.number for finding in found):
        mine = [finding for finding in found if finding.number == number]
        shown += mine[:SHOWN]
        if len(mine) > SHOWN:
            more = f"and {len(mine) - SHOWN} more of this rule"
            shown.append(mine[0]._replace(what=more))
    return shown


def baseline_of(against: str, root: Path) -> dict[str, bytes]:
    """The files of an earlier state: a folder, or the submissions of a git revision of this one."""
    if Path(against).is_dir():
        folder = Path(against)
        files = [path for path in folder.glob("*/*/*") if path.is_file() and not path.is_symlink()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}
    command = ["git", "-C", str(root), "archive", "--format=tar", against, "."]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise SubmissionsError(f"--against {against}: no folder and no git revision ({why})")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        members = [m for m in archive if m.isfile() and len(PurePosixPath(m.name).parts) == 3]
        return {
            PurePosixPath(m.name).as_posix(): file.read()
            for m in members
            if (file := archive.extractfile(m)) is not None
        }
