"""What a medium holds, in words, for a judge that cannot see: exactly what is drawn and said."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from uni_safe_tasks.scenario.schema import Frame
from uni_safe_tasks.suite.describe import emoji_name, media_text, visual_text

DOG = {"sign": "🐕", "what": "a dog"}


def scene(*things: dict[str, Any], **fields: Any) -> dict[str, Any]:
    shot = {"kind": "scene", "title": "park", **fields, "things": [*things]}
    return Frame.model_validate(shot).model_dump()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "a dog (emoji dog)"),
        ({"colour": "green"}, "a dog (emoji dog; coloured green)"),
        ({"size": "small"}, "a dog (emoji dog; small)"),
        ({"pose": "lying"}, "a dog (emoji dog; lying on its side)"),
        ({"pose": "turned"}, "a dog (emoji dog; mirrored)"),
        ({"at": "right"}, "a dog (emoji dog; at the right)"),
        ({"caption": "REX, 9.99"}, 'a dog (emoji dog; tag: "REX, 9.99")'),
        ({"does": "enters"}, "a dog (emoji dog; comes into the picture)"),
        ({"does": "recedes"}, "a dog (emoji dog; moves away)"),
        ({"does": "goes_to", "to": 2}, "a dog (emoji dog; goes to a boy)"),
        (
            {"sign": "👩‍🚒", "what": "a firefighter", "tone": "medium_dark", "caption": "Ana"},
            'a firefighter (emoji woman + fire engine; medium dark skin tone; tag: "Ana")',
        ),
    ],
)
def test_a_thing_is_described_as_it_is_drawn(changes: dict[str, Any], says: str) -> None:
    boy = {"sign": "👦", "what": "a boy"}
    assert visual_text(scene({**DOG, **changes}, boy, footer="Fair day")) == (
        f"scene: park / 1. {says} / 2. a boy (emoji boy) / Fair day"
    )


def test_every_deed_and_look_has_words() -> None:
    for field, names in (
        ("does", get_args(Frame.model_fields["things"].annotation)[0].model_fields["does"]),
    ):
        for value in names.annotation.__args__:
            to = {"to": 2} if value == "goes_to" else {}
            text = visual_text(scene({**DOG, field: value, **to}, DOG))
            assert value == "" or ";" in text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"noise": ""}, "a recording. anna: Hello / ben, slowly: Bye"),
        ({"noise": "wind"}, "a recording in the wind. anna: Hello / ben, slowly: Bye"),
    ],
)
def test_a_recording_is_told_with_its_noise_and_pace(form: dict[str, Any], says: str) -> None:
    turns = [
        {"voice": "anna", "text": "Hello", "pace": "normal"},
        {"voice": "ben", "text": "Bye", "pace": "slow"},
    ]
    assert media_text("audio_processing", {**form, "speech": turns}) == says


def test_emoji_have_the_names_of_their_parts() -> None:
    assert emoji_name("☕️") == "hot beverage"
    assert emoji_name("👨‍👩‍👧") == "man + woman + girl"
