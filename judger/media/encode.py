"""Files as the content of a judge's message: pictures, frames with their times, sounds."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from judger.contract.item import Item
from judger.contract.settings import Settings
from judger.media.files import (
    SENT_RATE,
    SENT_SECONDS,
    MediaError,
    RequestMediaError,
    as_wav,
    wav,
)
from judger.media.film import film_shots, sound_track
from judger.media.frames import Shot
from judger.media.picture import picture_shots
from judger.media.single_flight import Once

Content = dict[str, Any]

#: Bytes of encoded files that are kept: both axes and a re-ask show the same file.
KEPT = 128 * 1024 * 1024
UNHEARD = "(the film has a sound track that you are not given)"


def media_of(item: Item, settings: Settings) -> list[Content]:
    """The request's media as far as the judge takes them; RequestMediaError as in `of_request`."""
    media: list[Content] = []
    for path, kind in ((item.image, "image"), (item.video, "video")):
        if path and "image" in settings.modalities:
            media += of_request(Path(path), kind, settings)
    if item.audio and "audio" in settings.modalities:
        media += of_request(Path(item.audio), "audio", settings)
    return media


def of_request(path: Path, kind: str, settings: Settings) -> list[Content]:
    """`encode` for a file of the request; RequestMediaError when it is missing or broken."""
    try:
        return encode(path, kind, settings)
    except (MediaError, OSError) as error:
        raise RequestMediaError(f"the request's own {kind}: {error}") from error


def encode(path: Path, kind: str, settings: Settings) -> list[Content]:
    """A file as message content, scaled to the stated bounds; frames carry their time in words.

    MediaError when it is broken or over a bound, OSError when it is not there.
    """
    # By what the file holds, not by its name: back ends give the next picture the same one.
    held = hashlib.sha256(path.read_bytes()).digest()
    form = (kind, settings.image_side, settings.video_frames, "audio" in settings.modalities)
    return list(_encoded.get((held, *form), functools.partial(_encode, path, *form)))


def _encode(path: Path, kind: str, side: int, frames: int, hears: bool) -> tuple[Content, ...]:
    if kind == "image":
        return _shown(picture_shots(path, frames, side))
    if kind == "video":
        return (*_shown(film_shots(path, frames, side // 2)), *_track(path, hears))
    return (_sound(wav(path)),)


def _track(path: Path, hears: bool) -> tuple[Content, ...]:
    """The sound of a film: what is heard of it, else words that there is more than is shown."""
    samples = sound_track(path)
    if samples is None:
        return ()
    if not hears:
        return ({"type": "text", "text": UNHEARD},)
    if len(samples) > SENT_SECONDS * SENT_RATE:
        raise MediaError(
            f"sound track longer than the {SENT_SECONDS:.0f} s that a judge is sent: {path}"
        )
    return ({"type": "text", "text": "the film's sound track:"}, _sound(as_wav(samples)))


def _shown(shots: list[Shot]) -> tuple[Content, ...]:
    content: list[Content] = []
    for shot in shots:
        if shot.words:
            content.append({"type": "text", "text": shot.words})
        url = "data:image/jpeg;base64," + base64.b64encode(shot.jpeg).decode()
        content.append({"type": "image_url", "image_url": {"url": url}})
    return tuple(content)


def _sound(data: bytes) -> Content:
    sound = {"data": base64.b64encode(data).decode(), "format": "wav"}
    return {"type": "input_audio", "input_audio": sound}


def _size(content: tuple[Content, ...]) -> int:
    """Bytes of the longest texts in it, the encoded files; the rest does not count beside them."""
    pictures = (c["image_url"]["url"] for c in content if c["type"] == "image_url")
    sounds = (c["input_audio"]["data"] for c in content if c["type"] == "input_audio")
    return sum(map(len, (*pictures, *sounds)))


_encoded: Once[tuple[Content, ...]] = Once(_size, KEPT)
