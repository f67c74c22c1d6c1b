"""Kokoro-82M: one turn of speech from phonemes, on one thread, kept in a cache.

Model and voices lie where `fetch` puts them. Speaking takes about half a second of one core for a
second of speech, so that what was said is kept by the hash of everything that it depends on.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from judger.contract.user_folders import user_cache
from uni_safe_tasks.media.speech.phonemes import phonemes
from uni_safe_tasks.media.speech.voices import SPEED, VOICES
from uni_safe_tasks.scenario.schema import Utterance

Samples = npt.NDArray[np.float32]

RATE = 24_000
MODEL, VOCABULARY = "kokoro-v1.0.int8.onnx", "vocab.json"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
#: Rises when something but text, voice and pace changes what is heard.
EDITION = "2"
#: The model takes 510 tokens with both ends; long turns are spoken in parts.
LONGEST = 400
QUIET, MARGIN = 0.004, 0.12
MISSING = "the speaking model is missing: python -m uni_safe_tasks.media.speech.fetch"


def home() -> Path:
    """Where model, voices and cache are: `UNI_SAFE_VOICES`, or a folder of the user's cache."""
    named = os.environ.get("UNI_SAFE_VOICES", "")
    return Path(named) if named else (user_cache() or Path()) / "uni_safe_tasks" / "voices"


def missing() -> str:
    """Why nothing can be spoken here, "" when it can."""
    wanted = [home() / MODEL, home() / VOCABULARY]
    wanted += [home() / f"{speaker.style}.bin" for speaker in VOICES.values()]
    if not all(path.is_file() for path in wanted):
        return MISSING
    try:
        import onnxruntime  # noqa: F401
    except ImportError:
        return f"onnxruntime is missing; {MISSING}"
    return ""


@lru_cache(maxsize=1)
def _session() -> tuple[Any, dict[str, int]]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(home() / MODEL), options, providers=["CPUExecutionProvider"]
    )
    vocabulary = json.loads((home() / VOCABULARY).read_text(encoding="utf-8"))
    return session, vocabulary.get("vocab", vocabulary)


def parts(said: str, longest: int = LONGEST) -> list[str]:
    """Phonemes in parts that the model takes, cut after a sentence, else a comma, else a word."""
    if len(said) <= longest:
        return [said]
    window = said[:longest]
    ends = (max(window.rfind(m) for m in (". ", "! ", "? ")), window.rfind(", "), window.rfind(" "))
    cut = next((end for end in ends if end > 0), longest - 1) + 1
    return [said[:cut].strip(), *parts(said[cut:].strip(), longest)]


def _infer(said: str, style: Samples, speed: float) -> Samples:
    session, vocabulary = _session()
    tokens = [vocabulary[sign] for sign in said if sign in vocabulary]
    if not tokens:
        return np.zeros(0, dtype=np.float32)
    inputs = {
        "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
        "style": style[min(len(tokens), len(style) - 1)][np.newaxis],
        "speed": np.array([speed], dtype=np.float32),
    }
    raw = np.asarray(session.run(None, inputs)[0], dtype=np.float32).ravel()
    loud = np.flatnonzero(np.abs(raw) > QUIET)
    if not len(loud):
        return np.zeros(0, dtype=np.float32)
    margin = round(MARGIN * RATE)
    return raw[max(0, loud[0] - margin) : loud[-1] + margin]


def spoken(turn: Utterance) -> Samples:
    """One turn at 24 kHz, mono.

    Raises:
        RuntimeError: the model or espeak-ng is not installed.
        ValueError: nothing of the text can be spoken.
    """
    speaker, speed = VOICES[turn.voice], SPEED[turn.pace]
    said = phonemes(turn.text, speaker.accent)
    if not any(sign.isalpha() for sign in said):
        raise ValueError(f"speech: {turn.voice} says nothing for {turn.text!r}")
    key = json.dumps([EDITION, MODEL_SHA256, speaker.style, speed, said])
    kept = home() / "spoken" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"
    if kept.is_file():
        return (np.load(kept) / np.float32(32767)).astype(np.float32)
    if reason := missing():
        raise RuntimeError(reason)
    style = np.fromfile(home() / f"{speaker.style}.bin", dtype="<f4").reshape(-1, 256)
    pause = np.zeros(round(0.2 * RATE), dtype=np.float32)
    pieces: list[Samples] = []
    for part in parts(said):
        pieces += [pause] if pieces else []
        pieces.append(_infer(part, style, speed))
    raw = np.concatenate(pieces)
    raw *= 0.7 / max(0.05, float(np.abs(raw).max()))
    whole = np.round(raw * 32767).astype(np.int16)
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may speak at once: write beside, then rename in one step.
    handle, beside = tempfile.mkstemp(dir=kept.parent, suffix=".npy")
    os.close(handle)
    np.save(beside, whole)
    Path(beside).replace(kept)
    return (whole / np.float32(32767)).astype(np.float32)
