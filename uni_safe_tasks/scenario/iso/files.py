"""Which files hold the four media of a sentence, and what is drawn, spoken and filmed in them.

A sentence and its twin have one look and one voice: both follow from the id that they share.
"""

from __future__ import annotations

import hashlib
from typing import get_args

from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.scenario.schema import Frame, Utterance, Visual, Voice

#: Task type -> suffix of its medium's file. The typed sentence has none.
SUFFIXES: dict[str, str] = {
    "iso_picture": ".webp",
    "iso_speech": ".ogg",
    "iso_film": ".mp4",
    "iso_split": ".webp",
}
VOICES: tuple[Voice, ...] = get_args(Voice)


def media_paths(row: Sentence) -> dict[str, str]:
    """Task type -> path of its medium, relative to the suite's data folder."""
    return {
        task_type: f"media/{row.category}/{row.id}.{task_type.removeprefix('iso_')}{suffix}"
        for task_type, suffix in SUFFIXES.items()
    }


def pair_of(row: Sentence) -> str:
    """What a sentence and its twin share: their id without its last letter."""
    return row.id[:-1]


def card(row: Sentence, task_type: str) -> Visual:
    """The picture of a sentence, or of its second half."""
    words = row.split.picture if task_type == "iso_split" else row.sentence
    return Visual(kind="caption", lines=[words])


def shots(row: Sentence) -> list[Frame]:
    """The film of a sentence: one card that stands still."""
    return [Frame(kind="caption", lines=[row.sentence])]


def speech(row: Sentence) -> list[Utterance]:
    """The sentence as one voice says it."""
    drawn = hashlib.sha256(pair_of(row).encode()).digest()[0] % len(VOICES)
    return [Utterance(voice=VOICES[drawn], text=row.sentence)]
