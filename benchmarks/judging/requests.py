"""Text replies to requests with media: what a run costs when the machine sees them first, and then.

    python -m benchmarks.judging.requests            # every task type of the suite
    python -m benchmarks.judging.requests video_analysis

Each task type's judged items, two calls each, by a judge that takes text, pictures and sound. A run
is a process of its own. "First": nothing is kept on the machine; "then": another model's replies,
so nothing is known of the answers, but what a judge is sent of the suite's media was kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.judging import rig
from judger.contract.settings import load
from judger.contract.taxonomy import TASK_TYPES
from judger.engine.session import Session
from uni_safe_tasks import items

#: From the second run on: CPU in ms a record, and wall time by the server's own pace.
MOST, RATIO = 3.0, 1.5
#: In the first: wall time by that pace or by the CPU on all cores.
FIRST_RATIO = 1.2


def measure(task_type: str, model: str, cache: Path) -> tuple[int, rig.Spent]:
    """One run in this process: how many items, and what it took."""
    asked = [one for one in items() if one.task_type == task_type and one.kind != "canary"]
    with rig.served(cache, UNI_JUDGER_MODALITIES="text,image,audio") as (environ, server):
        session = Session(load(environ))
        session.preflight()

        def judge() -> None:
            said = f"{model} replies: " + "words " * 60
            futures = [session.submit(one, f"{said}{n}") for n, one in enumerate(asked)]
            outcomes = {future.result().outcome for future in futures}
            assert outcomes == {"scored"}, outcomes

        spent = rig.measured(judge, server)
        session.close()
    return len(asked), spent


def _run(*arguments: str) -> tuple[int, rig.Spent]:
    command = [sys.executable, "-m", "benchmarks.judging.requests", "one", *arguments]
    said = subprocess.run(command, cwd=rig.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    count, spent = json.loads(said.stdout)
    return count, rig.Spent(*spent)


def main() -> None:
    """Print two rows a task type, against the bounds."""
    if sys.argv[1:2] == ["one"]:
        count, spent = measure(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
        print(json.dumps([count, list(vars(spent).values())]))
        return
    print(
        f"{rig.cores()} cores\n"
        "| items | run | ideal s | wall s | CPU ms a record (decoders) | stated "
        "| wall / ideal | stated | wall / bound | stated | server's CPU s |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|"
    )
    for task_type in sys.argv[1:] or TASK_TYPES:
        with tempfile.TemporaryDirectory() as cache:
            for model in ("first", "second", "third"):
                count, spent = _run(task_type, model, cache)
                ideal, first = rig.ideal(2 * count), model == "first"
                print(
                    f"| {count} {task_type} | {model} | {ideal:.2f} | {spent.wall:.2f} "
                    f"| {1000 * spent.cpu / count:.1f} ({1000 * spent.decoders / count:.1f}) "
                    f"| {'-' if first else MOST} | {spent.wall / ideal:.2f} "
                    f"| {'-' if first else RATIO} | {spent.wall / spent.floor(ideal):.2f} "
                    f"| {FIRST_RATIO if first else '-'} | {spent.server:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
