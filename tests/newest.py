"""`make newest`: what the newest versions that setup.cfg admits would break. A release step.

An environment of its own gets them; the demo and the fast tests run in it. The table names every
package that is newer than the lock and, where something broke, the one whose locked version mends
it: each is put back alone and what failed runs again.

    python -m tests.newest            # half an hour; status 1 if something broke
    python -m tests.newest --list     # the table alone: a minute
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.install.declared import ROOT

LOCKED, NEWEST = Path(sys.prefix), ROOT / ".venv-newest"
UV = str(LOCKED / "bin" / "uv")
PYTHON = str(NEWEST / "bin" / "python")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass
class Step:
    """Something that must work, and what of it failed."""

    name: str
    command: list[str]
    failed: list[str] = field(default_factory=list)

    def run(self, *only: str) -> list[str]:
        """What fails: tests by id, else the step itself; nothing when all is well."""
        command = [PYTHON, "-m", *self.command, *only]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return []
        tests = FAILED.findall(done.stdout)
        if not tests:
            print(f"{self.name}: {(done.stdout + done.stderr)[-2000:]}", file=sys.stderr)
        return tests or [self.name]


STEPS = [
    Step("demo", ["uni_safe_tasks.demo"]),
    Step("fast tests", ["pytest", "-q", "-n", "2", "--ignore=tests/e2e"]),
]


def install(*wanted: str) -> None:
    subprocess.run([UV, "pip", "install", "-q", "--python", PYTHON, *wanted], cwd=ROOT, check=True)


def freeze(prefix: Path) -> dict[str, str]:
    """Package → version in an environment."""
    command = [UV, "pip", "list", "--format", "json", "--python", str(prefix / "bin" / "python")]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {package["name"]: package["version"] for package in json.loads(listed)}


def mends(package: str, version: str, newest: dict[str, str], step: Step) -> bool:
    """Whether what failed passes with the locked version of one package; it is newest after."""
    install(f"{package}=={version}")
    try:
        return not step.run(*(test for test in step.failed if "::" in test))
    finally:
        install(*(f"{name}=={known}" for name, known in newest.items() if name != "uni-safebench"))


def tabulate(
    locked: dict[str, str], newest: dict[str, str], broke: dict[str, list[str]]
) -> list[str]:
    """The table: every package that is not as it is locked."""
    rows = ["| package | locked | newest | what broke |", "|---|---|---|---|"]
    for name, version in newest.items():
        if version != locked.get(name):
            said = ", ".join(broke.get(name, [])) or "nothing"
            rows.append(f"| {name} | {locked.get(name, 'not there')} | {version} | {said} |")
    return rows


def main() -> int:
    """Install, run, blame, print. Returns an exit status."""
    shutil.rmtree(NEWEST, ignore_errors=True)
    subprocess.run([UV, "venv", "-q", "-p", sys.executable, str(NEWEST)], check=True)
    install("-e", ".[test]")
    locked, newest = freeze(LOCKED), freeze(NEWEST)
    changed = {
        name: locked[name] for name in newest.keys() & locked if newest[name] != locked[name]
    }
    broke: dict[str, list[str]] = {}
    for step in STEPS if sys.argv[1:] != ["--list"] else ():
        step.failed = step.run()
        print(f"{step.name}: {len(step.failed)} failed", file=sys.stderr)
        for package, version in changed.items() if step.failed else ():
            if mends(package, version, newest, step):
                broke.setdefault(package, []).extend(step.failed[:5])
    print("\n".join(tabulate(locked, newest, broke)))
    blamed = {failed for tests in broke.values() for failed in tests}
    rest = [failed for step in STEPS for failed in step.failed if failed not in blamed]
    if rest:
        print(f"\nNo single package is to blame for: {', '.join(rest)}")
    return int(any(step.failed for step in STEPS))


if __name__ == "__main__":
    raise SystemExit(main())
