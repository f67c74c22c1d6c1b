"""Few open files: the limit is raised or fewer questions are in flight; nobody is blamed for it."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from judger.endpoint.faults import local_fault
from judger.endpoint.open_files import EACH, SPARE, room_for
from judger.endpoint.transport import Transport
from judger.media.files import MediaError
from tests.judger.endpoint.client.asked import asked, with_client
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers import turns
from tests.servers.judge import JudgeServer
from tests.servers.turns import Turns

JUDGED = """
import json, resource, sys
url, soft, hard, picture, cache = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1] if hard < 0 else hard
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
from tests.judger.items import item
from tests.judger.sessions import session
with session(url, cache, concurrency="256") as made:
    raw = [json.dumps({"text": f"reply {n}", "images": [picture]}) for n in range(150)]
    futures = [made.submit(item(item_id=f"i{n}"), r) for n, r in enumerate(raw)]
    print(sorted({f.result(120).outcome for f in futures}), made.judge.stopped)
    print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(("soft", "hard"), [(256, 256), (256, -1), (128, 128)])
def test_few_open_files_cost_no_answer(soft: int, hard: int, tmp_path: Path) -> None:
    """With 256 files and as many questions results were not written, and the endpoint was gone."""
    picture = tmp_path / "made.png"
    Image.new("RGB", (64, 64), "green").save(picture)
    with JudgeServer() as server:
        server.script.latency = 0.02
        arguments = [server.url, str(soft), str(hard), str(picture), str(tmp_path / "cache")]
        run = subprocess.run(
            [sys.executable, "-c", JUDGED, *arguments], capture_output=True, text=True, check=False
        )
    said = run.stdout.splitlines()
    assert said[0] == "['scored'] ", run.stdout + run.stderr
    assert (int(said[1]) > SPARE + EACH * 256) is (hard < 0)
    assert ("ulimit" in run.stderr) is (hard > 0)


def test_enough_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[Any] = []
    monkeypatch.setattr(
        "judger.endpoint.open_files.resource.setrlimit", lambda *a: limits.append(a)
    )
    monkeypatch.setattr("judger.endpoint.open_files.resource.getrlimit", lambda _: (4096, 4096))
    assert room_for(32) == 32
    assert limits == []
    monkeypatch.setattr("judger.endpoint.open_files.resource", None)  # Windows
    assert room_for(1024) == 1024


def chained(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


def met_while_handling(outer: Exception, inner: BaseException) -> Exception:
    outer.__context__ = inner
    return outer


FULL = OSError(errno.EMFILE, "Too many open files")


@pytest.mark.parametrize(
    ("error", "local"),
    [
        (FULL, True),
        (OSError(errno.ENFILE, "Too many open files in system"), True),
        (OSError(errno.EADDRNOTAVAIL, "no port"), True),
        (chained(MediaError("broken picture"), FULL), True),
        (
            chained(aiohttp.ClientConnectionError("x"), aiohttp.ClientOSError(errno.EMFILE, "x")),
            True,
        ),
        (chained(ValueError("x"), chained(RuntimeError("y"), FULL)), True),
        (met_while_handling(ValueError("x"), FULL), True),
        (met_while_handling(ValueError("x"), ValueError("y")), False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (OSError("image file is truncated"), False),
        (chained(MediaError("broken"), OSError("truncated")), False),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), False),
        (ValueError("x"), False),
    ],
)
def test_what_this_machine_is_short_of(error: Exception, local: bool) -> None:
    assert (local_fault(error) is not None) is local


@pytest.mark.parametrize("times", [10, 10_000])
def test_it_is_waited_for_and_nobody_is_gone(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)
    left = times

    async def short(self: Any, method: str, path: str, body: Any, seconds: float) -> Any:
        nonlocal left
        left -= 1
        if left > 0:
            raise chained(aiohttp.ClientConnectionError("x"), FULL)
        return await answer(self, method, path, body, seconds)

    answer = Transport._answer
    monkeypatch.setattr(Transport, "_answer", short)
    with Turns(turns.fine) as server:
        said = with_client(server, asked, retries=0, deadline=2)
    if times == 10:
        assert said == "fine"
    else:
        assert said.startswith("JudgeFault: this machine, not the judge") and "ulimit" in said


def test_a_reply_that_cannot_be_opened_for_want_of_files_is_no_fault_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "made.png"
    Image.new("RGB", (64, 64), "green").save(picture)
    raw = json.dumps({"text": "", "images": [str(picture)]})

    def full(*_: Any) -> Any:
        raise FULL

    with JudgeServer() as server, session(server.url) as made:
        monkeypatch.setattr("judger.judges.prompting.encode", full)
        record = made.submit(item(), raw).result(30)
        assert record.outcome == "judge_error"
        assert "this machine" in record.reason
        monkeypatch.undo()
        picture.unlink()
        assert made.submit(item(), raw).result(30).outcome == "target_error"
