"""`python -m tests.mutation`: draw, try out, report. See the package for what it is for."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from tests.install.declared import ROOT
from tests.mutation.report import LEAST, PAGE, Fates, Mutants, page, share_killed
from tests.mutation.scope import FAR, deciding, tests_for
from tests.mutation.trial import Copy, try_out

LIBRARY = "cosmic-ray==8.7.0"
DRAWING = ROOT / ".venv-mutants"
#: The sample of the usual seed; another seed draws another one.
SEED, SAMPLE = 12, ROOT / "tests" / "mutation" / "sample.jsonl"
#: What became of each mutant so far, by what it is: a changed file makes other mutants.
FATES = ROOT / "build" / "fates.jsonl"


def draw(seed: int, count: int, paths: list[str]) -> Mutants:
    """The sample, by the library in an environment of its own."""
    python = DRAWING / "bin" / "python"
    uv = str(Path(sys.prefix) / "bin" / "uv")
    if not python.exists():
        subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(DRAWING)], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), LIBRARY], check=True)
    kept = str(SAMPLE) if seed == SEED else ""
    command = [str(python), "tests/mutation/draw.py", str(seed), str(count), kept, *paths]
    drawn = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    mutants = [json.loads(line) for line in drawn.stdout.splitlines()]
    for mutant in mutants:
        mutant["sha256"] = hashlib.sha256(mutant["mutated"].encode()).hexdigest()
    return mutants


def read_fates() -> Fates:
    lines = FATES.read_text(encoding="utf-8").splitlines() if FATES.exists() else []
    return {fate["sha256"]: fate for fate in map(json.loads, lines)}


def try_all(mutants: Mutants, workers: int, far: int, ends: float) -> None:
    """The fate of each, one line of the file each, until the time is over."""
    waiting: Queue[dict[str, Any]] = Queue()
    tests = {path: tests_for(path, far) for path in {mutant["path"] for mutant in mutants}}
    for mutant in mutants:
        waiting.put(mutant)

    def work(_: int) -> None:
        with Copy.made() as copy:
            while time.time() < ends:
                try:
                    mutant = waiting.get_nowait()
                except Empty:
                    return
                fate = try_out(copy, mutant, tests[mutant["path"]])
                fate["sha256"] = mutant["sha256"]
                with FATES.open("a", encoding="utf-8") as kept:
                    kept.write(json.dumps(fate) + "\n")
                verb = "killed by" if fate["killed"] else "SURVIVED:"
                print(f"{mutant['name']} {verb} {fate['by']}", flush=True)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


def describe(asked: argparse.Namespace) -> dict[str, Any]:
    """Under which circumstances the figures came about."""
    command = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {
        "date": date.today().isoformat(),
        "commit": commit.strip(),
        "python": platform.python_version(),
        "library": LIBRARY,
        "seed": asked.seed,
        "far": asked.far,
        "again": asked.go_on or asked.again,
        "command": f"python -m tests.mutation --seed {asked.seed} --count {asked.count} "
        f"--far {asked.far}",
    }


def main() -> int:
    """Returns 0 if enough are killed, 1 if not, 3 if the time was over before all were tried."""
    ask = argparse.ArgumentParser(prog="python -m tests.mutation")
    ask.add_argument("--seed", type=int, default=SEED)
    ask.add_argument("--count", type=int, default=200)
    ask.add_argument("--file", action="append", help="only this one, as often as given")
    ask.add_argument("--workers", type=int, default=3)
    ask.add_argument("--far", type=int, default=FAR, help="imports from a test to a file, at most")
    ask.add_argument("--minutes", type=float, default=1e6, help="stop then: --go-on")
    ask.add_argument("--go-on", action="store_true", help="keep what the last call found")
    ask.add_argument("--again", action="store_true", help="and try what survived once more")
    asked = ask.parse_args()
    os.chdir(ROOT)
    FATES.parent.mkdir(exist_ok=True)
    mutants = draw(asked.seed, asked.count, deciding(tuple(asked.file or ())) or deciding())
    drawn = {mutant["sha256"] for mutant in mutants}
    fates = read_fates() if asked.go_on or asked.again else {}
    kept = [f for f in fates.values() if f["sha256"] in drawn and (f["killed"] or asked.go_on)]
    FATES.write_text("".join(f"{json.dumps(fate)}\n" for fate in kept), encoding="utf-8")
    done = {fate["sha256"] for fate in kept}
    rest = [mutant for mutant in mutants if mutant["sha256"] not in done]
    try_all(rest, asked.workers, asked.far, time.time() + 60 * asked.minutes)
    fates = read_fates()
    tried = [mutant for mutant in mutants if mutant["sha256"] in fates]
    text = page(tried, fates, describe(asked))
    print(text)
    if not asked.file:
        PAGE.write_text(text, encoding="utf-8")
        if asked.seed == SEED:
            lines = (json.dumps(mutant["is"], ensure_ascii=False) for mutant in mutants)
            SAMPLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if len(tried) < len(mutants):
        print(f"{len(mutants) - len(tried)} of {len(mutants)} are still to be tried: --go-on")
        return 3
    return int(share_killed(tried, fates) < LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
