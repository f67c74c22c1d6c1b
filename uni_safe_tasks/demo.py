"""What `make demo` runs: 42 cells, the control model, the offline judge, a table, a report."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from rich.console import Console

RUN = Path("runs/demo")
LIMIT = "6"
#: A fifth of what `mixed` does is silence, and a fifth a crash: that is meant.
TOLD = {"UNI_JUDGER_MAX_UNSCORED": "1"}


def main() -> int:
    """Run the command that a user would type, then report on it. Returns an exit status."""
    bin_folder = Path(sys.executable).parent
    command = [
        str(bin_folder / "lmms_eval"),
        *("--model", "uni_safe_control", "--model_args", f"policy=mixed,output_dir={RUN}/pictures"),
        *("--tasks", "uni_safe_*", "--limit", LIMIT),
        *("--output_path", str(RUN), "--log_samples"),
    ]
    told = [f"{name}={value}" for name, value in TOLD.items()]
    print("$", *told, shlex.join(command), flush=True)
    RUN.mkdir(parents=True, exist_ok=True)
    print(f"42 cells, about a minute. Progress and details: tail -f {RUN}/log.txt", flush=True)
    with (RUN / "log.txt").open("w", encoding="utf-8") as log, Console().status("running"):
        run = subprocess.run(
            command, stdout=log, stderr=subprocess.STDOUT, check=False, env={**os.environ, **TOLD}
        )
    if run.returncode:
        print(f"the run failed; see {RUN}/log.txt", file=sys.stderr)
        return run.returncode
    report = [str(bin_folder / "uni-safe"), "report", str(RUN), "--html", str(RUN / "report.html")]
    print("$", shlex.join(report), flush=True)
    return subprocess.run(report, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
