"""The whole suite through the harness's metric path: what judging adds once replies are there.

    python -m benchmarks.judging.suite

All items of the suite as lmms-eval's documents, handed to `process_results` one after the other
and waited for by the first aggregation, as the harness does it; the model that would have answered
is not part of it. A picture is asked for by a seventh of the items and is a PNG of 512 x 512, every
one another file; the other replies are texts. The judge takes text, pictures and sound.

Each run is a process of its own. "First": nothing is kept on the machine; then two other models.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.judging import made, rig
from judger.bridges import aggregate, harness
from judger.engine.current import current, reset
from uni_safe_tasks import items

#: Wall time after the first run, by the server's own pace.
RATIO = 1.5


def measure(model: str, cache: Path) -> tuple[int, rig.Spent]:
    """One run in this process: how many calls, and what it took."""
    asked = list(items())
    drawing = [n for n, one in enumerate(asked) if one.task_type == "image_generation"]
    with tempfile.TemporaryDirectory() as folder:
        pictures = made.pictures(Path(folder), len(drawing), 512, "png", by=model)
        drawn = dict(zip(drawing, pictures, strict=True))
        said = f"{model} replies: " + "words " * 60
        replies = [str(drawn.get(n, f"{said}{n}")) for n in range(len(asked))]
        docs = [one.model_dump() for one in asked]
        with rig.served(cache, UNI_JUDGER_MODALITIES="text,image,audio") as (environ, server):
            os.environ.update(environ)
            harness.preflight()
            before = current().judge.usage()["calls"]

            def judge() -> None:
                results = [
                    harness.process_results(doc, [reply])
                    for doc, reply in zip(docs, replies, strict=True)
                ]
                records = [result["uni_judger"] for result in results]
                aggregate.counts(records)
                outcomes = {record["outcome"] for record in records}
                assert outcomes == {"scored"}, outcomes

            spent = rig.measured(judge, server)
            calls = int(current().judge.usage()["calls"] - before)
            reset()
    return calls, spent


def _run(*arguments: str) -> tuple[int, rig.Spent]:
    command = [sys.executable, "-m", "benchmarks.judging.suite", "one", *arguments]
    said = subprocess.run(command, cwd=rig.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    calls, spent = json.loads(said.stdout.splitlines()[-1])
    return calls, rig.Spent(*spent)


def main() -> None:
    """Print a row a run, against the bound."""
    if sys.argv[1:2] == ["one"]:
        calls, spent = measure(sys.argv[2], Path(sys.argv[3]))
        print(json.dumps([calls, list(vars(spent).values())]))
        return
    print(
        f"{rig.cores()} cores\n"
        "| run | calls | ideal s | wall s | wall / ideal | stated | CPU s (decoders) "
        "| wall / bound | server's CPU s |\n|---|---|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as cache:
        for model in ("first", "second", "third"):
            calls, spent = _run(model, cache)
            ideal = rig.ideal(calls)
            print(
                f"| {model} | {calls} | {ideal:.2f} | {spent.wall:.2f} | {spent.wall / ideal:.2f} "
                f"| {'-' if model == 'first' else RATIO} | {spent.cpu:.1f} ({spent.decoders:.1f}) "
                f"| {spent.wall / spent.floor(ideal):.2f} | {spent.server:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
