"""What our local back ends share: one document at a time, a text or a picture in reply.

A document asks for a picture when its task type does (`capabilities.needed`). What the loaded
weights cannot do is answered with the marker that is read as `unsupported`, without a forward pass.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from lmms_eval.api.instance import Instance
from lmms_eval.api.model import lmms
from PIL import Image
from tqdm import tqdm

from uni_safe_tasks.suite.capabilities import marker, needed

Mode = Literal["auto", "understanding", "generation"]
MODES: tuple[Mode, ...] = ("auto", "understanding", "generation")
_HARNESS = {"batch_size", "max_batch_size"}  # the harness passes these to every back end


class LocalModel(lmms):
    """A chat back end whose subclass says `write` (text) and `draw` (picture) for one document.

    `mode` is what is asked of these weights: `understanding`, `generation`, or `auto` for both.
    Pictures are saved under `output_dir` (a fresh temporary folder if unset).
    """

    is_simple = False
    #: What the architecture can do in its two modes.
    UNDERSTANDING: tuple[str, ...] = ("text-to-text", "image-to-text")
    GENERATION: tuple[str, ...] = ("text-to-image",)

    def __init__(self, *, mode: str, device: str, output_dir: str, **unknown: Any) -> None:
        super().__init__()
        if mode not in MODES:
            raise ValueError(f"mode={mode!r}: one of {', '.join(MODES)}")
        if names := sorted(set(unknown) - _HARNESS):
            raise ValueError(f"{type(self).__name__} knows no {', '.join(names)}")
        self.device = torch.device(device or _own_device())
        self.able = {
            *(self.UNDERSTANDING if mode != "generation" else ()),
            *(self.GENERATION if mode != "understanding" else ()),
        }
        self.folder = Path(output_dir or tempfile.mkdtemp(prefix="uni_safe_pictures_")).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, messages: list[dict[str, Any]], options: Mapping[str, Any]) -> str:
        """The model's text on the messages (transformers' form)."""
        raise TypeError(f"{type(self).__name__} writes no text")

    def draw(self, messages: list[dict[str, Any]]) -> Image.Image:
        """The model's picture for the messages (transformers' form)."""
        raise TypeError(f"{type(self).__name__} draws no picture")

    def generate_until(self, requests: list[Instance]) -> list[str]:
        """One reply a request: text, or `{"text", "images"}` as JSON."""
        shown = tqdm(requests, desc=type(self).__name__, disable=self.rank != 0)
        return [self._reply(request) for request in shown]

    def _reply(self, request: Instance) -> str:
        _, to_messages, options, doc_id, task, split = request.args
        doc = self.task_dict[task][split][doc_id]
        need = needed(doc)
        if need not in self.able:
            return marker(f"{type(self).__name__} with these arguments has no {need}")
        messages = hf_messages(to_messages(doc))
        with torch.inference_mode():
            if need.endswith("-image"):
                path = self.folder / f"{task}_{doc_id}.png"
                self.draw(messages).save(path)
                return json.dumps({"text": "", "images": [str(path)]})
            return cut(self.write(messages, options), options.get("until") or ())

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """The suite only generates."""
        raise TypeError(f"{type(self).__name__} generates; it has no likelihoods")

    def generate_until_multi_round(self, requests: list[Instance]) -> list[str]:
        """The suite has one round."""
        raise TypeError(f"{type(self).__name__} answers one round")


def _own_device() -> str:
    """This process's GPU, or the CPU."""
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"


def hf_messages(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The harness's messages in transformers' form: `url` named after the kind of medium."""
    return [
        {
            "role": message["role"],
            "content": [
                {"type": part["type"], part["type"]: part.get("url", part.get("text"))}
                for part in message["content"]
            ],
        }
        for message in messages
    ]


def pictures(messages: list[dict[str, Any]]) -> list[Image.Image]:
    """The pictures in messages of transformers' form, in order."""
    parts = (part for message in messages for part in message["content"])
    return [part["image"] for part in parts if part["type"] == "image"]


def text_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The harness's generation options as transformers' `generate` names them."""
    temperature = float(options.get("temperature") or 0)
    sampled = bool(options.get("do_sample")) and temperature > 0
    length = int(options.get("max_new_tokens") or options.get("max_gen_toks") or 1024)
    found: dict[str, Any] = {"max_new_tokens": length, "do_sample": sampled}
    return found | ({"temperature": temperature} if sampled else {})


def cut(text: str, until: Sequence[str] | str) -> str:
    """The text up to the first of the strings that end a reply."""
    for end in [until] if isinstance(until, str) else until:
        text = text.split(end)[0] if end else text
    return text.strip()


def to_picture(pixels: torch.Tensor) -> Image.Image:
    """A picture from a float tensor in -1..1 of shape (height, width, 3) or (3, height, width)."""
    array = pixels.float().clamp(-1, 1)
    array = array if array.shape[-1] == 3 else array.permute(1, 2, 0)
    return Image.fromarray(((array + 1) * 127.5).round().byte().cpu().numpy())
