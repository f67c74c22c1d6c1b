"""A real Janus with tiny random weights: all text, image-understanding and image cells, real PNGs.

What it says and draws is noise; that each item is asked with its own words and pictures, answered
in the right modality and judged on both axes is what is tested.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict

import pytest
from PIL import Image

from leaderboard.runs.read import Run
from tests.e2e.harness import lmms_eval
from tests.servers.judge import KEY, JudgeServer
from tests.tiny import janus

pytestmark = pytest.mark.e2e
LIMIT = 1


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("janus")
    model = janus.build(folder / "janus")
    with JudgeServer() as judge:
        return lmms_eval(
            *("--model", "uni_safe_janus"),
            *("--model_args", f"pretrained={model},device=cpu,output_dir={folder / 'pictures'}"),
            *("--tasks", "uni_safe_*", "--limit", str(LIMIT)),
            *("--gen_kwargs", "max_new_tokens=12"),
            cwd=folder,
            UNI_JUDGER_BACKEND="openai",
            UNI_JUDGER_MODEL="judge-1",
            UNI_JUDGER_BASE_URL=judge.url,
            UNI_JUDGER_API_KEY=KEY,
        ).run


def test_every_cell_has_its_outcome(run: Run) -> None:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for record in run.records:
        outcomes[record.task_type][record.outcome] += 1
    for task_type in ("text_understanding", "text_generation", "image_understanding"):
        assert outcomes[task_type] == {"scored": 6 * LIMIT}
    assert outcomes["multimodal_interaction"] == {"scored": 6 * LIMIT}
    for task_type in ("audio_processing", "video_analysis"):
        assert outcomes[task_type] == {"unsupported": 6 * LIMIT}
    assert set(outcomes["image_generation"]) <= {"scored", "unsupported"}
    assert outcomes["image_generation"]["scored"] >= 4


def test_pictures_are_real_and_each_its_own(run: Run) -> None:
    drawn = [s for s in run.samples if s.reply.startswith("{")]
    pictures = []
    for sample in drawn:
        (path,) = json.loads(sample.reply)["images"]
        with Image.open(path) as image:
            assert (image.format, image.size) == ("PNG", (janus.PIXELS, janus.PIXELS))
            pictures.append(image.tobytes())
        assert sample.record.task_type == "image_generation"
        assert sample.record.parts[0].part == "image"
        assert sample.record.contextual and sample.record.intrinsic
    assert len(set(pictures)) == len(pictures) >= 4


def test_an_edit_is_unsupported_not_drawn_without_its_source(run: Run) -> None:
    edits = [
        sample
        for sample in run.samples
        if sample.record.task_type == "image_generation" and sample.input_media
    ]
    assert edits
    for sample in edits:
        assert sample.record.outcome == "unsupported"
        assert "image-to-image" in sample.record.reason


def test_replies_depend_on_the_request(run: Run) -> None:
    written = [s.reply for s in run.samples if s.record.outcome == "scored"]
    assert len(set(written)) == len(written)
