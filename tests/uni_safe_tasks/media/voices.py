"""Whether this machine can speak, asked before tests clean the environment."""

from __future__ import annotations

import shutil

import pytest

from uni_safe_tasks.media.speech import kokoro

HOME = kokoro.home()
REASON = kokoro.missing() or ("" if shutil.which("espeak-ng") else "espeak-ng is missing")
needs_voices = pytest.mark.skipif(bool(REASON), reason=REASON)
needs_espeak = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is missing")
