"""Speech decoded to 16 kHz mono once, into a cache: shipped as Opus, wanted as wav by adapters."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from judger.contract.user_folders import user_cache
from uni_safe_tasks.media.speech.sound_files import decode

RATE = 16_000


def cache_folder() -> Path:
    """A folder below the user's caches, or where there is no home below the temporary ones."""
    return (user_cache() or _temporary()) / "uni_safe_tasks" / "wav16k"


@functools.lru_cache
def _temporary() -> Path:
    """A folder that lasts as long as the machine's temporary files."""
    return Path(tempfile.mkdtemp(prefix="uni_safe_cache_"))


def wav_of(ogg: Path) -> tuple[Path, np.ndarray, int]:
    """(path of the wav, float32 mono samples, 16000) of a shipped recording."""
    name = hashlib.sha256(ogg.read_bytes()).hexdigest()[:24] + ".wav"
    wav = cache_folder() / name
    if not wav.is_file():
        samples, rate = decode(str(ogg))
        wav.parent.mkdir(parents=True, exist_ok=True)
        # Many processes may do this at once: write beside, then rename in one step.
        handle, beside = tempfile.mkstemp(dir=wav.parent, suffix=".part.wav")
        os.close(handle)
        soundfile.write(beside, samples, rate, format="WAV", subtype="PCM_16")
        Path(beside).replace(wav)
    samples, rate = soundfile.read(str(wav), dtype="float32")
    return wav, samples, rate
