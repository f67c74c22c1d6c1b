"""Speech decoded to 16 kHz mono once, into a cache: shipped as Opus, wanted as wav by adapters."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from uni_safe_tasks.media.speech.sound import decode

RATE = 16_000


def cache_folder() -> Path:
    """`XDG_CACHE_HOME`/uni_safe_tasks, or its usual place."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return home / "uni_safe_tasks" / "wav16k"


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
