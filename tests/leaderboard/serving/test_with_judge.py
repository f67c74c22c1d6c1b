"""`uni-safe with-judge`: the command finds the judge; the server ends whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leaderboard.commands.with_judge import environment
from leaderboard.serving import engines
from leaderboard.serving.engines import ENGINES, EngineError, choose

STUB = Path(__file__).with_name("stub_server.py")
#: `uni-safe` with one engine more: the stub. Its arguments: file for process ids, manner, the rest.
PROGRAM = """
import sys
from leaderboard.serving import engines
from leaderboard.cli import app
stub, pids, manner = sys.argv[1:4]
start = lambda model, port: [sys.executable, stub, str(port), pids, manner]
engines.ENGINES["stub"] = engines.Engine("stub", start, "")
sys.argv[1:] = ["with-judge", "some/model", "--engine", "stub", *sys.argv[4:]]
app()
"""
SHOW = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if 'UNI_' in k}))"


def start(folder: Path, manner: str, *arguments: str, **env: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(STUB), str(folder / "pids"), manner, *arguments]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("UNI_")}
    return subprocess.Popen(
        command,
        env={**kept, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, manner: str, *arguments: str, **env: str) -> tuple[int, str, str]:
    process = start(folder, manner, *arguments, **env)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def gone(folder: Path) -> bool:
    """Have the server and its child ended?"""
    pids = [int(pid) for pid in (folder / "pids").read_text().split()]
    end = time.monotonic() + 30
    while any(map(_lives, pids)):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_command_finds_the_judge_and_the_server_ends(tmp_path: Path) -> None:
    status, out, _ = run(
        tmp_path, "serves", "--", sys.executable, "-c", SHOW, UNI_JUDGER_TIMEOUT="7"
    )
    found = json.loads(out)
    assert status == 0
    assert found["UNI_JUDGER_BACKEND"] == "openai"
    assert found["UNI_JUDGER_MODEL"] == "the-served-name"
    assert found["UNI_JUDGER_BASE_URL"].startswith("http://127.0.0.1:")
    assert found["UNI_JUDGER_MODALITIES"] == "text"
    assert found["UNI_JUDGER_TIMEOUT"] == "7"
    assert gone(tmp_path)


def test_a_server_that_cannot_list_is_known_by_the_name_it_was_started_by(tmp_path: Path) -> None:
    """`transformers serve` where there is no cache of a hub: /v1/models fails, /health is well."""
    status, out, err = run(tmp_path, "cannot list", "--", sys.executable, "-c", SHOW)
    assert status == 0, err
    assert json.loads(out)["UNI_JUDGER_MODEL"] == "some/model"
    assert gone(tmp_path)


@pytest.mark.parametrize("manner", ["serves", "deaf to SIGTERM"])
def test_a_command_that_fails_keeps_its_status(manner: str, tmp_path: Path) -> None:
    status, _, _ = run(tmp_path, manner, "--", sys.executable, "-c", "raise SystemExit(5)")
    assert status == 5
    assert gone(tmp_path)


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    status, _, err = run(tmp_path, "serves", "--", "no-such-command-here")
    assert status == 127
    assert err == "uni-safe with-judge: no-such-command-here: no such command\n"
    assert not (tmp_path / "pids").exists(), "a model is not loaded for nothing"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--modalities", "text,smell"), "UNI_JUDGER_MODALITIES='smell'"),
        (("--patience", "0"), "--patience"),
        (("--backend", "nosuch"), "'nosuch' is no judge"),
    ],
)
def test_what_is_wrong_is_said_before_a_server_starts(
    options: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    status, out, err = run(tmp_path, "serves", *options, "--", sys.executable, "-c", SHOW)
    assert (status, out) == (2, "") and says in err
    assert not (tmp_path / "pids").exists()


@pytest.mark.parametrize(
    ("manner", "more", "said"),
    [
        ("fails", (), "the server ended with status 3"),
        ("mute", ("--patience", "3"), "no answer at http://127.0.0.1:"),
    ],
)
def test_a_server_that_does_not_come_up_shows_its_log(
    manner: str, more: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    status, out, err = run(tmp_path, manner, *more, "--", sys.executable, "-c", SHOW)
    assert status == 2
    assert out == "", "the command is not run"
    assert said in err
    shown = ["    loading the model", "    CUDA out of memory: a made-up failure"]
    assert manner == "mute" or err.splitlines()[2:] == shown, "line by line"
    assert "Traceback" not in err
    assert gone(tmp_path)


def test_a_server_that_dies_under_the_command_is_no_success(tmp_path: Path) -> None:
    kill = (
        "import os, signal, sys, time; from pathlib import Path;"
        "os.kill(int(Path(sys.argv[1]).read_text().split()[0]), signal.SIGKILL); time.sleep(3)"
    )
    pids = str(tmp_path / "pids")
    status, _, err = run(tmp_path, "serves", "--", sys.executable, "-c", kill, pids)
    assert status == 1
    assert "the server ended" in err
    assert gone(tmp_path)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, 128 + signal.SIGHUP),
        (signal.SIGINT, 130),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
@pytest.mark.parametrize("manner", ["serves", "mute"])
def test_a_signal_ends_the_server(
    manner: str, number: signal.Signals, expected: int, tmp_path: Path
) -> None:
    """While the command runs, and while the server is waited for."""
    ready = tmp_path / "ready"
    wait = f"import time; open({str(ready)!r}, 'w').close(); time.sleep(2)"
    process = start(tmp_path, manner, "--", sys.executable, "-c", wait)
    mark = ready if manner == "serves" else tmp_path / "pids"
    end = time.monotonic() + 60
    while not (mark.exists() and (tmp_path / "pids").read_text()):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == expected
    assert gone(tmp_path)


def test_how_engines_are_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"transformers", "llama-cpp"}

    def installed(name: str) -> engines.Engine:
        command = lambda model, port: [name, model, str(port)] if name in there else None  # noqa: E731
        return engines.Engine(name, command, f"get {name}")

    for name in ENGINES:
        monkeypatch.setitem(ENGINES, name, installed(name))
    model = tmp_path / "judge.GGUF"
    model.touch()
    assert choose("auto", str(model), 1, ())[0].name == "llama-cpp"
    assert choose("auto", "a/model", 1, ["--x"])[1] == ["transformers", "a/model", "1", "--x"]
    there.add("vllm")
    assert choose("auto", "a/model", 1, ())[0].name == "vllm"
    for name, wanted, said in (
        ("sglang", "a/model", "no server for a/model is installed here: sglang: get sglang"),
        ("ours", "a/model", "--engine 'ours' is none of auto, vllm"),
        ("auto", "missing.gguf", "missing.gguf is no file"),
    ):
        with pytest.raises(EngineError, match=said):
            choose(name, wanted, 1, ())


def test_a_slow_engine_gets_time_and_no_crowd() -> None:
    served = ("http://127.0.0.1:1/v1", "m")
    slow = environment(*served, ENGINES["transformers"], "openai", "text", {})
    assert (slow["UNI_JUDGER_CONCURRENCY"], slow["UNI_JUDGER_TIMEOUT"]) == ("2", "600")
    mine = {"UNI_JUDGER_CONCURRENCY": "8"}
    assert "UNI_JUDGER_CONCURRENCY" not in environment(
        *served, ENGINES["transformers"], "openai", "text", mine
    )
    assert "UNI_JUDGER_TIMEOUT" not in environment(*served, ENGINES["vllm"], "openai", "text", {})
