"""What a medium shows or speaks, in words: the suite draws its media from text, so it knows.

For judges that cannot see or hear, and for people who read a report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def visual_text(visual: Mapping[str, Any]) -> str:
    """A drawn picture in words: kind, title, lines, footer."""
    parts = [visual.get("title") or "", *(visual.get("lines") or []), visual.get("footer") or ""]
    return f"{visual['kind']}: " + " / ".join(part for part in parts if part)


def speech_text(speech: Sequence[Mapping[str, Any]]) -> str:
    """A recording in words, voice by voice."""
    return " / ".join(f"{turn['voice']}: {turn['text']}" for turn in speech)


def speaks(task_type: str, form: Mapping[str, Any]) -> bool:
    """Whether the form's film has a sound track."""
    return task_type == "video_analysis" and bool(form.get("speech"))


def media_text(task_type: str, form: Mapping[str, Any]) -> str:
    """All media of one form in words, "" where it has none."""
    if task_type == "audio_processing":
        return f"a recording. {speech_text(form['speech'])}"
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
