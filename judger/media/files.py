"""Opening media that a model made: hostile input, so every size is bounded before it is decoded.

Paths are accepted only below the folders a back end may write to (`roots`): a text reply that
spells a path must not make the judge read, or send away, a file that no model made.
"""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import av
import numpy as np
import soundfile
from PIL import Image

from judger.media.pixels import pages
from judger.media.truncation import whole_pictures

MediaKind = Literal["image", "audio", "video"]

EXTENSIONS: dict[MediaKind, tuple[str, ...]] = {
    "image": (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"),
    "audio": (".wav", ".mp3", ".flac", ".ogg", ".m4a", ".opus"),
    "video": (".mp4", ".mov", ".webm", ".mkv", ".avi"),
}
MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 64_000_000
MAX_SECONDS = 300.0
#: Samples of all channels that a sound may decode to: five minutes of stereo at 48 kHz.
MAX_SAMPLES = 30_000_000
#: What a judge is sent of a sound: 16 kHz mono, at most so long; a longer one is not sent at all.
SENT_RATE, SENT_SECONDS = 16_000, 120.0


class MediaError(ValueError):
    """A file that cannot be used; the message says which and why."""


class RequestMediaError(MediaError):
    """A file of the request, not of the reply: no fault of the model under test."""


#: What Pillow raises on hostile files has no common base; a MediaError passes through unchanged.
BROKEN_PICTURE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
    *(
        AssertionError,
        SyntaxError,
        RuntimeError,
        struct.error,
        zlib.error,
        Image.DecompressionBombError,
    ),
)


def media_kind(path: str) -> MediaKind | None:
    """The kind a path's extension stands for, or None."""
    suffix = Path(path).suffix.lower()
    return next((kind for kind, known in EXTENSIONS.items() if suffix in known), None)


def default_roots() -> tuple[Path, ...]:
    """Where a back end may write: `UNI_JUDGER_MEDIA_ROOTS`, else here and the temporary folder."""
    named = os.environ.get("UNI_JUDGER_MEDIA_ROOTS", "")
    folders = named.split(os.pathsep) if named else [str(Path.cwd()), tempfile.gettempdir()]
    return tuple(Path(folder).resolve() for folder in folders if folder)


def checked(path: str, roots: Sequence[Path]) -> Path:
    """The real path of a reply's file; MediaError: outside `roots`, missing, empty, too large."""
    if "\x00" in path or path.startswith(("http:", "https:", "data:", "file:")):
        raise MediaError(f"not a file path: {path[:80]!r}")
    real = Path(path).expanduser().resolve()
    if not any(real.is_relative_to(root) for root in roots):
        raise MediaError(f"file outside the allowed folders: {path[:200]} (UNI_JUDGER_MEDIA_ROOTS)")
    if not real.is_file():
        raise MediaError(f"missing file: {path[:200]}")
    size = real.stat().st_size
    if not 0 < size <= MAX_BYTES:
        raise MediaError(f"file of {size} bytes (1 to {MAX_BYTES}): {path[:200]}")
    return real


def open_image(path: Path) -> Image.Image:
    """Decode a picture to RGB, at most `MAX_PIXELS`; MediaError when it cannot be.

    Of one that moves this is the first frame, of a transparent one what is seen over white; a judge
    is shown all there is (`judger.media.picture`).
    """
    try:
        with whole_pictures(), Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise MediaError(f"picture of {image.width}x{image.height} is too large: {path}")
            image.load()
            return pages(image)[0][1]
    except MediaError:
        raise
    except BROKEN_PICTURE as error:
        raise MediaError(f"broken picture {path}: {error}") from error


def open_audio(path: Path) -> tuple[np.ndarray, int]:
    """Decode a sound to float32 mono; returns (samples, rate in Hz). MediaError when broken."""
    try:
        with soundfile.SoundFile(str(path)) as sound:
            if sound.frames / sound.samplerate > MAX_SECONDS:
                raise MediaError(f"sound longer than {MAX_SECONDS:.0f} s: {path}")
            if sound.frames * sound.channels > MAX_SAMPLES:
                raise MediaError(f"sound of over {MAX_SAMPLES} samples: {path}")
            samples = sound.read(dtype="float32", always_2d=True).mean(axis=1)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise MediaError(f"broken sound {path}: {error}") from error
    if not samples.size:
        raise MediaError(f"empty sound {path}")
    return samples, sound.samplerate


def wav(path: Path) -> bytes:
    """A sound as a WAV file of 16 bits in the form that is sent; MediaError as `open_audio`."""
    samples, rate = open_audio(path)
    if len(samples) > SENT_SECONDS * rate:
        raise MediaError(f"sound longer than the {SENT_SECONDS:.0f} s that a judge is sent: {path}")
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SENT_RATE)
    pieces = [out.to_ndarray()[0] for step in (frame, None) for out in resampler.resample(step)]
    return as_wav(np.concatenate(pieces))


def as_wav(samples: np.ndarray) -> bytes:
    """int16 mono samples at `SENT_RATE` as a WAV file."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, SENT_RATE, format="WAV", subtype="PCM_16")
    return buffer.getvalue()
