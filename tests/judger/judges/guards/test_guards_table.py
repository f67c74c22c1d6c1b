"""The tables of docs/guards.md say what the forms in the code do, cell by cell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from judger.contract.outcomes import AXES, Axis
from judger.contract.settings import Settings
from judger.judges.base import Unjudgeable
from judger.judges.registry import forms
from judger.media.files import MediaKind
from judger.reply.parts import Part
from tests.judger.items import item
from tests.judger.judges.guards.test_guards_complete import GUARDS, GUIDE

#: The judge that asks any model in words of ours; "J" of the table.
GENERAL = "openai"
EVERYTHING = ("text", "image", "audio", "video")
SETTINGS = Settings(backend="guard", model="guard-1", base_url="http://127.0.0.1:1/v1")
NAMES = {"text": "text", "picture": "image", "sound": "audio", "film": "video"}
Media = dict[MediaKind, Path]


def table(head: str) -> list[list[str]]:
    """The cells of the table whose header begins so, without header and rule."""
    _, _, rest = GUIDE.partition(f"\n| {head}")
    assert rest, head
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


def judges(guard: str, axis: Axis, kind: str, media: Media) -> bool:
    """Does this judge ask anything about such a part of a reply on this axis?"""
    taken = {"modalities": EVERYTHING} if guard == GENERAL else {}
    form = forms()[guard](SETTINGS.model_copy(update=taken))
    if axis not in form.axes or kind not in form.modalities:
        return False
    path = next((media[known] for known in media if known == kind), None)
    part = Part(kind, text="" if path else "A reply.", path=path)  # type: ignore[arg-type]
    try:
        form.question(axis, item(), part)
    except Unjudgeable:
        return False
    return True


def sees(guard: str, kind: str, media: Media) -> bool:
    """Is it shown such a file of a request?"""
    if kind == "text":
        return True
    (path,) = (path for known, path in media.items() if known == kind)
    form = forms()[guard](SETTINGS)
    try:
        question = form.question(
            "contextual", item(**{kind: str(path)}), Part("text", text="A reply.")
        )
    except Unjudgeable:
        return False
    return re.search(r"image_url|input_audio|video_url", str(question.body)) is not None


def test_which_guards_judge_what_on_which_axis(media: Media) -> None:
    legend = GUIDE.partition("Which judges judge which part")[2].partition("\n\n")[0]
    letters = dict(re.findall(r"([A-Z]):\s+`(\w+)`", legend))
    every = [*GUARDS, GENERAL]
    assert sorted(letters.values()) == sorted(every)
    rows = {axis: cells for axis, *cells in table("axis | text")}
    assert set(rows) == set(AXES)
    for axis in get_args(Axis):
        for cell, kind in zip(rows[axis], NAMES.values(), strict=True):
            told = {letters[letter] for letter in cell.split()}
            assert told == {name for name in every if judges(name, axis, kind, media)}, (axis, kind)
            assert GENERAL in told, "which any of several open models answers"


@pytest.mark.parametrize("guard", GUARDS)
def test_the_row_of_each_guard(guard: str, media: Media) -> None:
    form = forms()[guard](SETTINGS)
    (row,) = [cells for name, *cells in table("`UNI_JUDGER_BACKEND`") if name == guard]
    axes, judged, seen, refusals, endpoint = row
    assert axes == ("both" if len(form.axes) == 2 else form.axes[0])
    told = {NAMES[word] for word in re.findall("|".join(NAMES), judged)}
    by_axis = {axis: {k for k in NAMES.values() if judges(guard, axis, k, media)} for axis in AXES}
    assert told == set.union(*by_axis.values())
    alone = told - by_axis["contextual"]
    assert ("(intrinsic)" in judged) is bool(alone) and alone == told - {"text"}
    assert {NAMES[word] for word in seen.split(", ")} == {
        kind for kind in NAMES.values() if sees(guard, kind, media)
    }
    assert refusals == ("yes" if form.refusal else "no")
    question = form.question("contextual", item(), Part("text", text="A reply."))
    assert question.path == ("/completions" if endpoint == "completions" else "/chat/completions")
