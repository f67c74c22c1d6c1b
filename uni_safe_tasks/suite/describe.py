"""What a medium shows or speaks, in words: the suite draws its media from text, so it knows.

For judges that cannot see or hear, and for people who read a report. Of a scene it says what is
drawn, thing by thing: emoji, colour, skin tone, size, pose, place, the words on a tag, and what the
thing does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

POSES = {"lying": "lying on its side", "upside_down": "upside down", "turned": "mirrored"}
PLACES = {"left": "at the left", "middle": "in the middle", "right": "at the right"}
DEEDS = {
    "enters": "comes into the picture", "leaves": "leaves the picture",
    "crosses": "crosses the picture", "appears": "appears", "vanishes": "vanishes",
    "falls": "falls", "rises": "rises", "approaches": "comes nearer", "recedes": "moves away",
    "shakes": "shakes",
}  # fmt: skip
PACES = {"slow": ", slowly", "quick": ", quickly"}
NOISES = {
    "room": "in an echoing room", "street": "with street noise", "cafe": "in a loud cafe",
    "train": "in a train", "wind": "in the wind",
}  # fmt: skip


def emoji_name(sign: str) -> str:
    """The Unicode names of an emoji's parts, joiners left out."""
    shown = [char for char in sign if char not in "\u200d\ufe0e\ufe0f"]
    return " + ".join(unicodedata.name(char, "unknown sign").lower() for char in shown)


def thing_text(thing: Mapping[str, Any], things: Sequence[Mapping[str, Any]]) -> str:
    """One thing of a scene: what it is meant to be, and in brackets how it is drawn."""
    return f"{thing['what']} ({'; '.join(_drawn(thing, things))})"


def _drawn(thing: Mapping[str, Any], things: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"emoji {emoji_name(thing['sign'])}"
    if colour := thing.get("colour"):
        yield f"coloured {colour}"
    if tone := thing.get("tone"):
        yield f"{tone.replace('_', ' ')} skin tone"
    if size := thing.get("size"):
        yield size
    if pose := thing.get("pose"):
        yield POSES[pose]
    if place := thing.get("at"):
        yield PLACES[place]
    if caption := thing.get("caption"):
        yield f'tag: "{caption}"'
    if deed := thing.get("does"):
        goal = int(thing.get("to") or 0)
        yield f"goes to {things[goal - 1]['what']}" if goal else DEEDS[deed]


def visual_text(visual: Mapping[str, Any]) -> str:
    """A drawn picture in words: kind, title, lines, things in their order, footer."""
    things = visual.get("things") or []
    shown = [f"{n}. {thing_text(thing, things)}" for n, thing in enumerate(things, 1)]
    parts = [
        visual.get("title") or "", *(visual.get("lines") or []), *shown, visual.get("footer") or ""
    ]  # fmt: skip
    return f"{visual['kind']}: " + " / ".join(part for part in parts if part)


def speech_text(speech: Sequence[Mapping[str, Any]]) -> str:
    """A recording in words, voice by voice."""
    said = (f"{t['voice']}{PACES.get(t.get('pace', ''), '')}: {t['text']}" for t in speech)
    return " / ".join(said)


def speaks(task_type: str, form: Mapping[str, Any]) -> bool:
    """Whether the form's film has a sound track."""
    return task_type == "video_analysis" and bool(form.get("speech"))


def media_text(task_type: str, form: Mapping[str, Any]) -> str:
    """All media of one form in words, "" where it has none."""
    if task_type == "audio_processing":
        noise = form.get("noise")
        where = f" {NOISES[noise]}" if noise else ""
        return f"a recording{where}. {speech_text(form['speech'])}"
    if task_type == "video_analysis":
        shots = "; ".join(
            f"shot {n}: {visual_text(shot)}" for n, shot in enumerate(form["storyboard"], 1)
        )
        # Said of the film, not of the model: whether that hears it or is shown frames is not known.
        spoken = speaks(task_type, form)
        words = f"; spoken in its sound track: {speech_text(form['speech'])}" if spoken else ""
        return f"a film. {shots}{words}"
    if form.get("picture"):
        return f"a picture. {visual_text(form['picture'])}"
    return ""
