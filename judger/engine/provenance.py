"""Which code is running: the suite's version, its commit, and whether it is as it was published."""

from __future__ import annotations

import base64
import functools
import hashlib
import subprocess
import threading
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DISTRIBUTION = "uni-safebench"
#: Where the suite's own code lies in a checkout, and how the names of its files end.
OWN = ("judger", "leaderboard", "templates", "uni_safe_tasks")
CODE = (".py", "yaml", ".yml", ".jinja")
WHEEL = "wheel"


class Code(NamedTuple):
    """The suite's code: its commit ("" from a wheel), and whether it is unmodified."""

    commit: str
    clean: bool


def suite() -> str:
    """`<version> <commit> clean` or `… modified`; `wheel` stands for the commit of an installed
    wheel, `unknown` for what cannot be found out. Looked up once a process; never raises."""
    with _lock:  # many items ask at once
        return _suite()


_lock = threading.Lock()


@functools.lru_cache(maxsize=1)
def _suite() -> str:
    try:
        version = metadata.version(DISTRIBUTION)
        found = code()
    except Exception:  # noqa: BLE001 whatever is broken here, a judgement must not be lost for it
        return "unknown unknown modified"
    named = found.commit or ("unknown" if (ROOT / ".git").exists() else WHEEL)
    return f"{version} {named} {'clean' if found.clean else 'modified'}"


def code(root: Path = ROOT) -> Code:
    """The state of the suite: by git in a checkout, by the wheel's own record elsewhere."""
    if (root / ".git").exists():
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
        added = _git(root, "ls-files", "--others", "--exclude-standard", "--", *OWN)
        clean = bool(commit) and changed == "" and added is not None
        return Code(commit or "", clean and not any(map(_is_code, (added or "").splitlines())))
    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return Code("", False)
    # An editable install records none of the code that runs.
    runs = Path(__file__).resolve()
    recorded = any(Path(str(f.locate())).resolve() == runs for f in installed.files or ())
    return Code("", recorded and as_recorded(installed))


def as_recorded(distribution: metadata.Distribution) -> bool:
    """Is every file of an installed wheel the one that its RECORD names, and no code added?"""
    files = distribution.files or ()
    hashed = [file for file in files if file.hash is not None]
    for file in hashed:
        path = Path(str(file.locate()))
        assert file.hash is not None
        if not path.is_file() or file.hash.mode != "sha256":
            return False
        digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest())
        if digest.rstrip(b"=").decode() != file.hash.value:
            return False
    known = {Path(str(file.locate())) for file in files}
    own = {file.parts[0] for file in files} & set(OWN)
    folders = [Path(str(distribution.locate_file(name))) for name in own]
    there = (path for folder in folders for path in folder.rglob("*") if _is_code(path.name))
    return bool(hashed) and known.issuperset(there)


def _is_code(name: str) -> bool:
    return name.strip('"').endswith(CODE)


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; None when there is no git or it fails."""
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
