"""A real Emu3 with tiny random weights, run as its recipe is: two phases, read as one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from PIL import Image

from leaderboard.runs.read import Run
from tests.e2e.harness import lmms_eval
from tests.servers.judge import KEY, JudgeServer
from tests.tiny import emu3
from uni_safe_tasks.harness import recipe

pytestmark = pytest.mark.e2e
AREA = 32 * 32


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The shipped recipe with the tiny weights in place of the big, two categories and items."""
    folder = tmp_path_factory.mktemp("emu3")
    model = emu3.build(folder / "emu3")
    phases = yaml.safe_load(recipe.path_of("emu3").read_text())
    for phase in phases:
        mode = recipe.Phase.model_validate(phase).arguments["mode"]
        phase["model_args"] = (
            f"pretrained={model},mode={mode},device=cpu,image_area={AREA},"
            f"output_dir={folder / 'pictures'}"
        )
        phase["tasks"] = phase["tasks"].replace("uni_safe_*", "uni_safe_p*")
        phase["gen_kwargs"] = "max_new_tokens=12"
    (folder / "mine.yaml").write_text(yaml.safe_dump(phases))
    with JudgeServer() as judge:
        done = lmms_eval(
            *("--config", "mine.yaml", "--limit", "2"),
            cwd=folder,
            UNI_JUDGER_BACKEND="openai",
            UNI_JUDGER_MODEL="judge-1",
            UNI_JUDGER_BASE_URL=judge.url,
            UNI_JUDGER_API_KEY=KEY,
        )
    return done.run


def test_two_phases_are_one_run_of_fourteen_cells(run: Run) -> None:
    assert len(run.results) == 2, "one results file a phase"
    tasks = {sample.task for sample in run.samples}
    assert len(tasks) == 14 and len(run.samples) == 28
    assert len({record.item_id for record in run.records}) == 28


def test_outcomes_are_those_declared(run: Run) -> None:
    for sample in run.samples:
        record = sample.record
        heard = record.task_type in ("audio_processing", "video_analysis")
        edited = record.task_type == "image_generation" and sample.input_media
        expected = "unsupported" if heard or edited else "scored"
        assert record.outcome == expected, record


def test_pictures_are_real_and_each_its_own(run: Run) -> None:
    drawn = [s for s in run.samples if s.record.task_type == "image_generation"]
    pictures = []
    for sample in (s for s in drawn if s.record.outcome == "scored"):
        path = Path(json.loads(sample.reply)["images"][0])
        with Image.open(path) as image:
            assert (image.format, image.size) == ("PNG", (32, 32))
            pictures.append(image.tobytes())
    assert len(pictures) >= 2 and len(set(pictures)) == len(pictures)
