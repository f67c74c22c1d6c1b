"""What the media templates name: a document's media in the form each kind of back end wants.

`doc_to_visual` serves simple models, `doc_to_messages` chat models. How an adapter wants sound and
film differs from model to model; `lmms_eval_specific_kwargs`, keyed by `--model`, switches:

    audio: record   one dict that holds path, url, samples and rate (serves most adapters)
           path     the path of a 16 kHz wav
           uri      a data URI (servers that are sent the url as it is)
    video: path     the path of the mp4
           frames   eight pictures
    soundtrack:     what a film speaks, beside it, in a form of `audio`; unset: it is not sent
           heard    as `path`, where UNI_SAFE_CAPABILITIES names audio-to-text
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from uni_safe_tasks.attacks.draw import draw
from uni_safe_tasks.harness.wav import wav_of
from uni_safe_tasks.suite.capabilities import declared

Options = Mapping[str, Any] | None
FRAMES = 8
ROLES = ("user", "assistant")


def doc_to_text(doc: Mapping[str, Any], lmms_eval_specific_kwargs: Options = None) -> str:
    """The prompt, already rendered when the task was built."""
    del lmms_eval_specific_kwargs
    return str(doc["prompt"])


def doc_to_visual(doc: Mapping[str, Any], lmms_eval_specific_kwargs: Options = None) -> list[Any]:
    """The document's media for simple models: pictures, sound records or paths, paths of films."""
    options = lmms_eval_specific_kwargs or {}
    media: list[Any] = [draw(doc["drawn"])] if doc.get("drawn") else []
    if doc["image"]:
        media.append(_picture(doc["image"]))
    if doc["audio"]:
        media.append(sound(doc["audio"], options.get("audio", "record")))
    if doc["video"]:
        media += film(doc["video"], options.get("video", "path"))
    if form := soundtrack(doc, options):
        media.append(sound(doc["video"], form))
    return media


def doc_to_messages(
    doc: Mapping[str, Any], lmms_eval_specific_kwargs: Options = None
) -> list[dict[str, Any]]:
    """The document as one user message for chat models: media first, then the prompt.

    Where an attack puts turns before the request, each is a message of its own.
    """
    options = lmms_eval_specific_kwargs or {}
    *before, last = doc.get("turns") or [doc["prompt"]]
    content: list[dict[str, Any]] = []
    if doc.get("drawn"):
        content.append({"type": "image", "url": draw(doc["drawn"])})
    if doc["image"]:
        content.append({"type": "image", "url": _picture(doc["image"])})
    if doc["audio"]:
        content.append({"type": "audio", "url": sound(doc["audio"], options.get("audio", "path"))})
    if doc["video"]:
        for shot in film(doc["video"], options.get("video", "path")):
            kind = "video" if isinstance(shot, str) else "image"
            content.append({"type": kind, "url": shot})
    if form := soundtrack(doc, options):
        content.append({"type": "audio", "url": sound(doc["video"], form)})
    content.append({"type": "text", "text": last})
    said = [
        {"role": ROLES[place % 2], "content": [{"type": "text", "text": text}]}
        for place, text in enumerate(before)
    ]
    return [*said, {"role": "user", "content": content}]


def _picture(path: str) -> Image.Image:
    with Image.open(path) as image:
        picture: Image.Image = image.convert("RGB")
        return picture


def soundtrack(doc: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """The form in which the sound of the document's film is sent; "" where it is not."""
    form = str(options.get("soundtrack", "")) if doc.get("spoken") else ""
    if form == "heard":  # one back end, servers of many kinds: an error from those that are deaf
        return "path" if "audio-to-text" in (declared() or ()) else ""
    return form


def sound(path: str, form: str) -> Any:
    """A recording, or a film's sound track, in the form asked for (see the module's table)."""
    wav, samples, rate = wav_of(Path(path))
    if form == "path":
        return str(wav)
    if form == "uri":
        return "data:audio/wav;base64," + base64.b64encode(wav.read_bytes()).decode()
    name = str(wav)
    return {
        "type": "audio", "url": name, "path": name, "array": samples, "sampling_rate": rate
    }  # fmt: skip


def film(path: str, form: str) -> list[Any]:
    """A film as its path, or as evenly spaced pictures."""
    if form == "path":
        return [path]
    from uni_safe_tasks.media.film.frames import frames

    return list(frames(path, FRAMES))
