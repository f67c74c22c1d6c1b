"""A throwaway lmms-eval task per medium: two documents with one prompt and two different media.

Loaded by the YAML that `write` puts beside the media, through `!function`, never by hand.
"""

import pathlib
import wave
from typing import Any

import av
import numpy as np
from PIL import Image

RATE = 16000
MEDIA = ("text", "image", "audio", "video")
YAML = """\
task: matrix_{medium}
dataset_path: json
dataset_kwargs: {{data_files: {{test: {folder}/{medium}.jsonl}}}}
test_split: test
output_type: generate_until
doc_to_visual: !function benchmarks.matrix_task.doc_to_visual
doc_to_messages: !function benchmarks.matrix_task.doc_to_messages
doc_to_text: !function benchmarks.matrix_task.doc_to_text
doc_to_target: ""
process_results: !function benchmarks.matrix_task.process_results
generation_kwargs: {{max_new_tokens: 12, until: [], do_sample: false, temperature: 0}}
metric_list: [{{metric: answered, aggregation: mean, higher_is_better: true}}]
metadata: {{version: 1}}
"""


def write(folder: pathlib.Path) -> None:
    """Write tasks, documents and media (two of each kind, clearly different) under `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for index in range(2):
        pixels = rng.integers(0, 255, (40, 64, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels[0]).save(folder / f"image{index}.png")
        tone = np.sin(np.arange(RATE) * (0.05 + 0.3 * index)) * 20000
        with wave.open(str(folder / f"audio{index}.wav"), "wb") as sound:
            sound.setparams((1, 2, RATE, RATE, "NONE", ""))
            sound.writeframes(tone.astype("<i2").tobytes())
        with av.open(str(folder / f"video{index}.mp4"), "w") as film:
            stream = film.add_stream("mpeg4", rate=4)
            stream.width = stream.height = 64
            for picture in pixels:
                film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            film.mux(stream.encode())
    for medium in MEDIA:
        rows = [_row(medium, index, folder) for index in range(2)]
        (folder / f"{medium}.jsonl").write_text("\n".join(rows) + "\n")
        (folder / f"{medium}.yaml").write_text(YAML.format(medium=medium, folder=folder))


def _row(medium: str, index: int, folder: pathlib.Path) -> str:
    suffix = {"image": "png", "audio": "wav", "video": "mp4"}.get(medium)
    path = f"{folder}/{medium}{index}.{suffix}" if suffix else ""
    prompt = "Tell me about it." if suffix else f"Tell me about {'snow' if index else 'fire'}."
    return f'{{"medium": "{medium}", "path": "{path}", "prompt": "{prompt}"}}'


def doc_to_visual(doc: dict[str, Any]) -> list[Any]:
    """Give the medium in the form that simple back ends take."""
    if doc["medium"] == "image":
        return [Image.open(doc["path"]).convert("RGB")]
    if doc["medium"] == "audio":
        with wave.open(doc["path"]) as sound:
            samples = np.frombuffer(sound.readframes(RATE), "<i2").astype(np.float32) / 32768
        return [{"array": samples, "sampling_rate": RATE}]
    return [doc["path"]] if doc["path"] else []


def doc_to_messages(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the medium in the form that chat back ends take: a path, or a picture."""
    content: list[dict[str, Any]] = [{"type": "text", "text": doc["prompt"]}]
    if doc["path"]:
        url = doc_to_visual(doc)[0] if doc["medium"] == "image" else doc["path"]
        content.insert(0, {"type": doc["medium"], "url": url})
    return [{"role": "user", "content": content}]


def doc_to_text(doc: dict[str, Any]) -> str:
    """Give the prompt, which is the same for both documents unless the prompt is the test."""
    return str(doc["prompt"])


def process_results(doc: dict[str, Any], results: list[str]) -> dict[str, float]:
    """Score whether there was a reply at all; what it says comes from the samples."""
    return {"answered": float(bool(str(results[0]).strip()))}
