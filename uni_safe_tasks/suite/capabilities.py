"""What a model can do, by declaration: what it cannot do is `unsupported`, and costs nothing.

`UNI_SAFE_CAPABILITIES` (a recipe sets it in its `env:`) lists which input leads to which output:

    text-to-text,image-to-text,audio-to-text,video-to-text,text-to-image,image-to-image

`image-to-text` is a text and a picture in, text out; `image-to-image` is editing. With nothing set
every item is asked. It is decided per document when a task is built; a back end never sees such a
document (`harness.patches.back_end`): it is answered with the marker that `judger.reply.read` reads
as `unsupported`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

from judger.contract.settings import SettingsError
from judger.contract.taxonomy import TASK_TYPES

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
    text = "image" if document.get("drawn") else "text"  # words that are drawn have to be seen
    medium = next((kind for kind in ("video", "audio", "image") if document.get(kind)), text)
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
