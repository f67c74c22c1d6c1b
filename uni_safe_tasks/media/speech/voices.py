"""The schema's voices and paces as the model knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from uni_safe_tasks.scenario.schema import Pace, Voice

Accent = Literal["en-us", "en-gb"]


@dataclass(frozen=True)
class Speaker:
    """A voice of Kokoro-82M: `style` is its file in the npm package kokoro-js."""

    style: str
    accent: Accent


#: Women: anna, carla, erin, grace. British: anna, dev, erin, hugo.
VOICES: dict[Voice, Speaker] = {
    "anna": Speaker("bf_emma", "en-gb"),
    "ben": Speaker("am_michael", "en-us"),
    "carla": Speaker("af_heart", "en-us"),
    "dev": Speaker("bm_george", "en-gb"),
    "erin": Speaker("bf_isabella", "en-gb"),
    "finn": Speaker("am_fenrir", "en-us"),
    "grace": Speaker("af_bella", "en-us"),
    "hugo": Speaker("bm_fable", "en-gb"),
}
SPEED: dict[Pace, float] = {"slow": 0.84, "normal": 1.0, "quick": 1.18}
