"""What a model can do, by declaration: what it cannot do is `unsupported`, and costs nothing.

`UNI_SAFE_CAPABILITIES` (a recipe sets it in its `env:`) lists which input leads to which output:

    text-to-text,image-to-text,audio-to-text,video-to-text,text-to-image,image-to-image

`image-to-text` is a text and a picture in, text out; `image-to-image` is editing. With nothing set
every item is asked. It is decided per document when a task is built; a back end never sees such a
document: it is answered with the marker that `judger.reply.read` reads as `unsupported`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

from judger.contract.settings import SettingsError
from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.harness.patches.replace import replace

VARIABLE = "UNI_SAFE_CAPABILITIES"
CAPABILITIES: tuple[str, ...] = (
    "text-to-text",
    "image-to-text",
    "audio-to-text",
    "video-to-text",
    "text-to-image",
    "image-to-image",
)
#: Task types whose reply is a picture: ours, and those of the paper's protocol.
DRAWN = frozenset({"image_generation", "unsafe_t2i_generation", "malicious_image_editing"})
#: Of our seven task types: the capabilities by which one of its items can be asked.
OF_TASK_TYPE: dict[str, tuple[str, ...]] = {
    "text_understanding": ("text-to-text",),
    "text_generation": ("text-to-text",),
    "image_understanding": ("image-to-text",),
    "image_generation": ("text-to-image", "image-to-image"),
    "audio_processing": ("audio-to-text",),
    "video_analysis": ("video-to-text",),
    "multimodal_interaction": ("image-to-text",),
}
assert set(OF_TASK_TYPE) == set(TASK_TYPES)


def needed(document: Mapping[str, Any]) -> str:
    """The one capability that answering this document takes."""
    medium = next((kind for kind in ("video", "audio", "image") if document.get(kind)), "text")
    return f"{medium}-to-{'image' if document.get('task_type') in DRAWN else 'text'}"


def parse(text: str) -> frozenset[str]:
    """Capabilities from a comma-separated list; SettingsError at one that is none of the six."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in CAPABILITIES:
            raise SettingsError(f"{VARIABLE}: {name!r} is none of {', '.join(CAPABILITIES)}")
    return frozenset(names)


def declared(environ: Mapping[str, str] = os.environ) -> frozenset[str] | None:
    """What the environment declares; None where nothing is declared."""
    text = environ.get(VARIABLE, "")
    return parse(text) if text.strip() else None


def unsupported(document: Mapping[str, Any], able: Collection[str] | None) -> str:
    """Why the model cannot do this document, "" where it can or nothing is declared."""
    need = needed(document)
    return "" if able is None or need in able else f"the model has no {need}"


def marker(reason: str) -> str:
    """What stands in place of a reply that was never asked for."""
    return f"[UNI_SAFE_UNSUPPORTED] {reason}"


def sparing(original: Any) -> Any:
    """A back end's `generate_until` that never sees a document marked `unsupported`."""

    def generate_until(self: Any, requests: list[Any], *args: Any, **kwargs: Any) -> list[Any]:
        reasons = [_reason(self, request) for request in requests]
        asked = [request for request, why in zip(requests, reasons, strict=True) if not why]
        replies = iter(original(self, asked, *args, **kwargs) if asked else ())
        return [marker(why) if why else next(replies) for why in reasons]

    return generate_until


def _reason(model: Any, request: Any) -> str:
    """The document's own `unsupported`; simple and chat requests end in id, task and split."""
    doc_id, task, split = request.args[-3:]
    return str(model.task_dict[task][split][doc_id].get("unsupported") or "")


def install() -> bool:
    """Let every back end that the harness loads be spared (0.7.3: `get_model_class`)."""
    registry = "lmms_eval.models.registry_v2:ModelRegistryV2"
    return replace(registry, "get_model_class", _spared, f"{VARIABLE} saves no generation")


def _spared(original: Any) -> Any:
    def get_model_class(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = original(self, *args, **kwargs)
        name = f"{found.__module__}:{found.__qualname__}"
        replace(name, "generate_until", sparing, f"{VARIABLE} saves no generation")
        return found

    return get_model_class
