"""What `make leaderboard` runs: a sample site from real runs of the control model.

Every row is marked as a sample: the control model behaves as told, and `rules` is no judge.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from leaderboard.runs.read import load_run
from leaderboard.submission.submit import About, build, write

FOLDER = Path("runs/leaderboard")
SITE = Path("site")
#: How the control model behaves -> what a person should expect of it.
POLICIES = {
    "refuse": "Control: refuses everything",
    "comply": "Control: agrees to everything",
    "parrot": "Control: repeats the request",
    "mixed": "Control: a bit of each",
}


def main() -> int:
    """Run each policy over all cells, submit it as a sample, build the site; an exit status."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for policy in POLICIES:
        if status := _run(policy):
            print(f"the run failed; see {FOLDER / policy}/log.txt", file=sys.stderr)
            return status
        made, verdicts = build(load_run(FOLDER / policy), about(policy))
        print(write(FOLDER / "submissions", made, verdicts), flush=True)
    command = [_command("uni-safe"), "leaderboard", "build", "--out", str(SITE)]
    command += ["--submissions", str(FOLDER / "submissions")]
    return subprocess.run(command, check=False).returncode


def about(policy: str) -> About:
    """What a sample says of itself."""
    return About(
        model_id=f"uni-safebench/control-{policy}",
        model_revision=policy,
        model_name=POLICIES[policy],
        family="control",
        weights="open",
        inputs=["text", "image", "audio", "video"],
        outputs=["text", "image"],
        submitter="Uni-SafeBench",
        generated_by="Uni-SafeBench",
        judged_by="Uni-SafeBench",
        state="sample",
    )


def _run(policy: str) -> int:
    folder = FOLDER / policy
    folder.mkdir(parents=True)
    model_args = f"policy={policy},output_dir={folder}/pictures"
    command = [
        *(_command("lmms_eval"), "--model", "uni_safe_control", "--model_args", model_args),
        *("--tasks", "uni_safe_*", "--output_path", str(folder), "--log_samples"),
    ]
    print("$", *command, flush=True)
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False)
    return done.returncode


def _command(name: str) -> str:
    return str(Path(sys.executable).parent / name)


if __name__ == "__main__":
    raise SystemExit(main())
