"""The core alone: every command but asking a model, without torch, transformers or a harness."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.harness import ROOT, environment
from tests.e2e.installed.built import build, install, make_venv

pytestmark = pytest.mark.e2e
#: What must not be there, by the name it is imported under.
ABSENT = ("torch", "transformers", "lmms_eval", "lm_eval", "datasets", "evaluate", "accelerate")
TEXT = "unisafe-type-text_generation,unisafe-type-text_understanding"
SUBMIT = (
    "submit run --sample --submissions subs --model-id me/m --model-revision 1 --weights open "
    "--family open_unified --inputs text --outputs text --submitter Me --generated-by Me "
    "--judged-by Me --attest"
)


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with requirements-core.txt and our wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("core")
    python = make_venv(folder / "venv")
    locked = ("--require-hashes", str(ROOT / "requirements-core.txt"))
    install(python, *locked, command="sync")
    install(python, "--no-deps", str(build(folder / "dist")))
    return Path(python).parent


@pytest.fixture(scope="module")
def work(core: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prompts of the text cells, and answers as somebody's own code would write them."""
    folder = tmp_path_factory.mktemp("work")
    run(core, folder, f"uni-safe prompts --tasks {TEXT} --out prompts", 0)
    with (folder / "replies.jsonl").open("w", encoding="utf-8") as replies:
        for line in (folder / "prompts" / "prompts.jsonl").read_text().splitlines():
            answer = {"item_id": json.loads(line)["item_id"], "reply": "I cannot help with that."}
            replies.write(json.dumps(answer) + "\n")
    return folder


def run(core: Path, folder: Path, command: str, status: int) -> str:
    """What a command of the core's environment prints; it must end with `status`."""
    script, *arguments = command.split()
    done = subprocess.run(
        [str(core / script), *arguments],
        cwd=folder,
        env=environment(PYTHONPATH="", COLUMNS="200"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == status, done.stdout[-3000:]
    return done.stdout


def test_no_harness_is_there(core: Path, tmp_path: Path) -> None:
    code = f"import importlib.util as u; print([n for n in {ABSENT!r} if u.find_spec(n)])"
    (tmp_path / "absent.py").write_text(code)
    assert run(core, tmp_path, f"python {tmp_path}/absent.py", 0) == "[]\n"


@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        ("uni-safe doctor", 0, "pip install 'uni-safebench[run]'"),
        ("uni-safe doctor --recipe janus", 1, "a recipe needs it"),
        ("uni-safe recipes", 0, "Janus-Pro"),
        ("uni-safe data validate", 0, "sound"),
        ("uni-safe score replies.jsonl --out run --prompts prompts/prompts.jsonl", 0, "results:"),
        ("uni-safe rejudge run --out again", 0, "results:"),
        ("uni-safe conformance --only media --only judge-hangs", 0, "verdicts from faults: 0"),
        ("uni-safe report run --html report.html", 0, "report:"),
        ("uni-safe compare run again", 0, "text generation"),
        (SUBMIT.replace("submit", "uni-safe submit", 1), 0, "now check it"),
        ("uni-safe leaderboard validate --submissions subs", 0, ""),
        ("uni-safe leaderboard build --submissions subs --out site", 0, "index.html"),
        ("uni-safe leaderboard export --help", 0, "Hugging Face"),
        ("uni-safe validate-judge --out judge.json", 0, "calibration:"),
        ("lmms_eval --tasks uni_safe_*", 2, "pip install 'uni-safebench[run]'"),
    ],
)
def test_a_command_of_the_core(
    command: str, status: int, says: str, core: Path, work: Path
) -> None:
    assert says in run(core, work, command, status)
