"""What `make demo-real` runs: a real language model, the twelve text cells, lm-eval's own back end.

Then a report, and a sample row on a board. No hub is asked. The judge is `rules`, which is a floor
and no judge: the figures show how a run looks, not how safe the model is.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from judger.contract.errors import UserError
from uni_safe_tasks import smollm2
from uni_safe_tasks.scenario.locations import TASKS

RUN = Path("runs/real")
CELLS = "uni_safe_*_text_*"
#: Items of each cell, and tokens after which a reply is cut off: what a laptop does in minutes.
LIMIT = 9
TOKENS = 96
TAKES = "2 to 3 minutes of one fast core, several times that on a busy or an old one"
OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
#: What a sample row says of itself.
ABOUT = {
    "model-id": f"HuggingFaceTB/{smollm2.NAME}",
    "model-revision": f"gguf-q4_1-{smollm2.FILE_SHA256[:12]}",
    "model-name": f"{smollm2.NAME} (Q4_1)",
    "family": "llm",
    "weights": "open",
    "inputs": "text",
    "outputs": "text",
    "submitter": "make demo-real",
    "generated-by": "make demo-real",
    "judged-by": "make demo-real",
}


def run_command(
    model: Path, out: Path, limit: int = LIMIT, tokens: int = TOKENS, generation: str = ""
) -> list[str]:
    """lm-eval on the text cells; `generation` has further settings such as `do_sample=True`."""
    asked = ",".join(filter(None, (f"max_gen_toks={tokens}", generation)))
    return [
        *(_program("lm_eval"), "run", "--model", "hf"),
        *("--model_args", f"pretrained={model},dtype=bfloat16", "--device", "cpu"),
        *("--batch_size", "36", "--apply_chat_template"),
        *("--include_path", str(TASKS), "--tasks", CELLS, "--limit", str(limit)),
        *("--gen_kwargs", asked, "--output_path", str(out), "--log_samples"),
    ]


def idle_cores() -> int:
    """Cores that nobody uses just now, at least 1: threads that wait for each other on a busy
    processor make the model many times slower than one thread is."""
    return max(1, (os.cpu_count() or 1) - round(os.getloadavg()[0]))


def main() -> int:
    """Run the commands that a user would type. Returns an exit status."""
    try:
        model = smollm2.folder()
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    shutil.rmtree(RUN, ignore_errors=True)
    RUN.mkdir(parents=True)
    log = RUN / "log.txt"
    command = run_command(model, RUN)
    print("$", shlex.join(command), flush=True)
    print(f"{smollm2.NAME} answers {LIMIT * 12} requests in three batches: {TAKES}.", flush=True)
    print(f"Progress and details: tail -f {log}", flush=True)
    with log.open("w", encoding="utf-8") as file, Console().status("asking"):
        env = {"OMP_NUM_THREADS": str(idle_cores()), **os.environ, **OFFLINE}
        done = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False, env=env)
    if done.returncode:
        print(f"the run failed; see {log}", file=sys.stderr)
        return done.returncode
    return next(filter(None, map(_shown, _after())), 0)


def _after() -> list[list[str]]:
    """Report, sample row, board."""
    said = [part for name, value in ABOUT.items() for part in (f"--{name}", value)]
    rows, safe = str(RUN / "submissions"), _program("uni-safe")
    return [
        [safe, "report", str(RUN), "--html", str(RUN / "report.html")],
        [safe, "submit", str(RUN), "--sample", "--attest", "--submissions", rows, *said],
        [safe, "leaderboard", "build", "--submissions", rows, "--out", str(RUN / "site")],
    ]


def _shown(command: Sequence[str]) -> int:
    print("$", shlex.join(command), flush=True)
    return subprocess.run(command, check=False).returncode


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)


if __name__ == "__main__":
    raise SystemExit(main())
