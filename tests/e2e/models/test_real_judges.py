"""`uni-safe with-judge` with two engines and a real model: a bad judge, and told so."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from judger.validation import shipped
from leaderboard.serving.engines import ENGINES
from tests.e2e.harness import BIN, environment

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
#: So many labels are asked about: the share of unreadable answers is said at the first eight.
LABELS = 8


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labels") / "few.jsonl"
    lines = shipped.WRITTEN.read_text(encoding="utf-8").splitlines()
    plain = [line for line in lines if not json.loads(line).get("images")]
    path.write_text("\n".join(plain[:LABELS]), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["llama-cpp", "transformers"])
def test_a_bad_judge_is_called_unfit(
    name: str, few: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine = ENGINES[name]
    if engine.start("model", 1) is None:
        pytest.skip(f"no {name} server here: {engine.get}")
    model = request.getfixturevalue("gguf" if name == "llama-cpp" else "weights")
    out = tmp_path / "calibration.json"
    command = [
        *(str(BIN / "uni-safe"), "with-judge", str(model), "--engine", name, "--"),
        *("uni-safe", "validate-judge", str(few), "--out", str(out)),
    ]
    env = environment(UNI_JUDGER_MAX_TOKENS="64", UNI_JUDGER_RETRIES="0", HF_HUB_OFFLINE="1")
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "MEASURED, UNFIT" in done.stdout
    measured = json.loads(out.read_text(encoding="utf-8"))
    assert measured["labels"] == LABELS
    lost = sum(measured["unscored"].values())
    said = f"{lost} of the first {LABELS} labels have no verdict" in done.stderr
    assert said == (lost > 0), done.stderr
