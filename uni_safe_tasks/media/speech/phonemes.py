"""From English text to the phonemes that Kokoro-82M was trained on, by espeak-ng.

The model has single signs for diphthongs and affricates, as its own dictionary (misaki) writes
them; espeak-ng ties their halves with "^", which tells a diphthong from two vowels that meet.
"""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache

from uni_safe_tasks.media.speech.voices import Accent

#: In this order: what is longer stands before its parts.
SIGNS: dict[Accent, tuple[tuple[str, str], ...]] = {
    "en-gb": (("e^ə", "ɛː"), ("i^ə", "ɪə"), ("iə", "ɪə"), ("ə^ʊ", "Q"), ("ɚ", "ə")),
    "en-us": (
        ("o^ʊ", "O"), ("ɚɹ", "əɹ"), ("ɚ", "əɹ"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"),
        ("ɾ", "T"),
    ),
}  # fmt: skip
COMMON = (
    ("ʔˌn̩", "tn"), ("ʔn̩", "tn"), ("ʔn", "tn"), ("ʔ", "t"), ("a^ɪ", "I"), ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("ə^l", "ᵊl"), ("ʲ", ""),
    ("e", "A"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɐ", "ə"), ("ɬ", "l"), ("\u0303", ""),
)  # fmt: skip
MARKS = re.compile(r"\s*([;:,.!?—…\"()“”]+)\s*")
PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "—", "[": "(", "]": ")"})


@lru_cache(maxsize=20_000)
def _espeak(words: str, accent: Accent) -> str:
    """IPA of a stretch without punctuation. A fresh process each time: espeak-ng keeps state."""
    command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", accent, "--stdin"]
    try:
        done = subprocess.run(command, input=words.encode(), capture_output=True, check=True)
    except FileNotFoundError as error:
        raise RuntimeError("espeak-ng is missing: apt-get install espeak-ng") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"espeak-ng -v {accent}: {error.stderr.decode()}") from error
    return " ".join(done.stdout.decode().split())


def signs(ipa: str, accent: Accent) -> str:
    """espeak-ng's IPA in the model's signs."""
    for old, new in (*SIGNS[accent], *COMMON):
        ipa = ipa.replace(old, new)
    ipa = re.sub("(\\S)\u0329", r"ᵊ\1", ipa)  # a syllable without a vowel: button, little
    if accent == "en-us":
        ipa = ipa.replace("ː", "").replace("o", "ɔ")
    # Unstressed, the model swallows an "I" or "I'm" that begins a sentence.
    return re.sub(r"(?<!\S)I(?=[^ˈˌ\s]*(?:\s|$))", "ˌI", ipa.replace("^", ""))


def phonemes(text: str, accent: Accent) -> str:
    """`text` in the model's signs, punctuation kept: it carries the melody.

    Raises:
        RuntimeError: espeak-ng is not installed, or fails.
    """
    said: list[str] = []
    for number, part in enumerate(MARKS.split(text.translate(PLAIN))):
        if number % 2:
            said.append(part[:2] if part.startswith("...") else part)
            said.append(" ")
        elif part.strip():
            said.append(signs(_espeak(part.strip(), accent), accent))
    return "".join(said).strip()
