"""Real Hugging Face models through stock lmms-eval back ends on a CPU: tiny, random, no download.

What they say is gibberish; that they answer, that each item is asked with its own medium and that
every reply is judged is what is tested.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from leaderboard.runs.read import Run
from tests.e2e.harness import ROOT, environment, lmms_eval
from tests.tiny import omni, qwen25vl

pytestmark = pytest.mark.e2e
SHIM: dict[str, Any] = {
    "UNI_SAFE_CPU_SHIM": "1",
    "PYTHONPATH": f"{ROOT / 'tests' / 'tiny' / 'sitecustomize'}:{ROOT}",
}


def tasks(*task_types: str) -> str:
    return ",".join(f"uni_safe_privacy_leak_{task_type}" for task_type in task_types)


def answered(run: Run, items: int) -> None:
    assert len(run.samples) == items
    for sample in run.samples:
        assert sample.reply.strip(), sample.record.item_id
        assert sample.record.outcome == "scored", sample.record


@pytest.mark.parametrize("flags", [(), ("--force_simple",)], ids=["chat", "simple"])
def test_qwen25vl_on_text_image_and_video_cells(flags: tuple[str, ...], tmp_path: Path) -> None:
    model = qwen25vl.build(tmp_path / "qwen25vl")
    cells = ("text_generation", "image_understanding", "video_analysis", "multimodal_interaction")
    run = lmms_eval(
        *("--model", "qwen2_5_vl", "--batch_size", "1", *flags),
        *("--model_args", f"pretrained={model},device=cpu,device_map=cpu,max_num_frames=4"),
        *("--tasks", tasks(*cells), "--limit", "2", "--gen_kwargs", "max_new_tokens=16"),
        cwd=tmp_path,
    ).run
    answered(run, 8)


def test_qwen25_omni_on_audio_and_video_cells(tmp_path: Path) -> None:
    # The back end loads its processor from this id: a folder of that name, seen from here, serves.
    omni.build(tmp_path / "Qwen" / "Qwen2.5-Omni-7B")
    run = lmms_eval(
        *("--model", "qwen2_5_omni", "--batch_size", "1"),
        *("--model_args", "pretrained=Qwen/Qwen2.5-Omni-7B,device_map=auto"),
        *("--tasks", tasks("audio_processing", "video_analysis"), "--limit", "2"),
        cwd=tmp_path,
        **SHIM,
    ).run
    answered(run, 4)
    assert len({sample.reply for sample in run.samples}) == 4, "the replies depend on the media"


HEARD = """
import functools, json
from lmms_eval.api.instance import Instance
from lmms_eval.models import get_model
from judger.contract.cell import Cell
from uni_safe_tasks.harness.export import documents
from uni_safe_tasks.harness.hooks import doc_to_messages

docs = [d for d in documents(Cell("toxicity_content", "video_analysis")) if d["spoken"]][:2]
model = get_model("qwen2_5_omni")(pretrained="Qwen/Qwen2.5-Omni-7B", device_map="auto")
model.task_dict = {"t": {"test": docs}}

def asked(doc_id, **options):
    asking = functools.partial(doc_to_messages, lmms_eval_specific_kwargs=options)
    arguments = ("", asking, {"max_new_tokens": 24, "until": []}, doc_id, "t", "test")
    metadata = {"task": "t", "doc_id": doc_id, "repeats": 1}
    return Instance(request_type="generate_until", arguments=arguments, idx=0, metadata=metadata)

replies = [
    str(getattr(reply, "text", reply))
    for doc_id in range(2)
    for options in ({}, {"soundtrack": "path"})
    for reply in model.generate_until([asked(doc_id, **options)])
]
print("REPLIES" + json.dumps(replies))
"""


def test_qwen25_omni_hears_what_a_film_speaks(tmp_path: Path) -> None:
    omni.build(tmp_path / "Qwen" / "Qwen2.5-Omni-7B")
    done = subprocess.run(
        [sys.executable, "-c", HEARD],
        cwd=tmp_path,
        env=environment(**SHIM),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "REPLIES" in done.stdout, done.stderr[-3000:]
    replies = json.loads(done.stdout.rsplit("REPLIES", 1)[1])
    assert all(reply.strip() for reply in replies), replies
    assert replies[0] != replies[1] and replies[2] != replies[3], "the sound changes the reply"
