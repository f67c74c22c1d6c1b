"""`uni-safe run` against a server of OpenAI's protocol: asked, judged, shown, continued."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from leaderboard.runs.read import load_run
from tests.e2e.harness import BIN, environment
from tests.servers.pictures import KEY, PictureServer

pytestmark = pytest.mark.e2e
CELL = "unisafe-category-privacy_leak,uni_safe_toxicity_content_text_generation"


def uni_safe_run(
    server: PictureServer, folder: Path, *more: str, key: str = KEY
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(str(BIN / "uni-safe"), "run", "--model", "org/my-model", "--base-url", server.url),
            *("--cells", CELL, "--limit", "3", "--max-tokens", "77", *more),
        ],
        cwd=folder,
        env=environment(OPENAI_API_KEY=key, UNI_JUDGER_MODLE="x"),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_one_line_from_a_server_to_a_report_and_again(tmp_path: Path) -> None:
    with PictureServer() as server:
        done = uni_safe_run(server, tmp_path)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        asked = len(server.bodies)
        again = uni_safe_run(server, tmp_path)
    assert again.returncode == 0 and len(server.bodies) == asked, "kept replies are asked no more"
    assert {body["max_tokens"] for body in server.bodies} == {77}
    assert asked == 3 * 3, "three cells of texts; what a model of texts cannot do costs nothing"
    assert done.stdout.startswith("$ UNI_SAFE_CAPABILITIES=text-to-text lmms_eval ")
    for part in ("12 cells", "UNCALIBRATED", "uni-safe rejudge runs/my-model", "UNI_JUDGER_MODEL?"):
        assert part in done.stderr, part
    run = load_run(tmp_path / "runs/my-model")
    outcomes = [record.outcome for record in run.records]
    assert outcomes.count("scored") == 9 and outcomes.count("unsupported") == 5 * 3
    assert (tmp_path / "runs/my-model/report.html").is_file()


def test_a_server_that_refuses_the_key_is_one_line(tmp_path: Path) -> None:
    cell = "uni_safe_privacy_leak_text_generation"
    with PictureServer() as server:
        done = uni_safe_run(server, tmp_path, "--cells", cell, key="sk-of-somebody-else")
    assert done.returncode == 2
    assert "answers 401: check base_url, model and the key" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
