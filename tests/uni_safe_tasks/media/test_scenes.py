"""Scenes: what a thing says of itself is really drawn, and what cannot be drawn is an error."""

from __future__ import annotations

import colorsys
from typing import Any

import numpy as np
import pytest
from PIL import Image

from uni_safe_tasks.media.people import toned
from uni_safe_tasks.media.picture import canvas_for, draw
from uni_safe_tasks.media.scene.backdrop import BACKDROPS
from uni_safe_tasks.media.scene.scene import layers
from uni_safe_tasks.media.scene.stand import Placed, columns
from uni_safe_tasks.media.scene.things import sprite
from uni_safe_tasks.media.scene.tint import PAINTS
from uni_safe_tasks.scenario.schema import SETTINGS, Colour, Thing, Tone, Visual

SIGNS = ("🐕", "🌳", "👩‍🚒", "☕️", "🎈", "📱")


def thing(sign: str = "🧥", **fields: object) -> Thing:
    return Thing.model_validate({"sign": sign, "what": "a thing", **fields})


def scene(*things: Thing, **fields: object) -> Visual:
    return Visual.model_validate({"kind": "scene", "title": "park", **fields, "things": [*things]})


def spots(*things: Thing) -> dict[str, Placed]:
    """Where things stand, by sign."""
    canvas, plain = canvas_for(scene(*things), (768, 576), "s")
    return {layer.spot.thing.sign: layer.spot for layer in layers(canvas, plain)}


def solid(picture: Image.Image) -> np.ndarray:
    data = np.asarray(picture).astype(float)
    return data[..., :3][data[..., 3] > 200]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("count", [1, 3, 6])
def test_every_setting_shows_every_thing(setting: str, count: int) -> None:
    shown = [thing(sign) for sign in SIGNS[:count]]
    full = np.asarray(draw(scene(*shown, title=setting), seed="s"), np.int16)
    for left_out in range(count if count > 1 else 0):
        fewer = [t if n != left_out else thing("🪧", size="small") for n, t in enumerate(shown)]
        other = np.asarray(draw(scene(*fewer, title=setting), seed="s"), np.int16)
        assert (np.abs(full - other).max(axis=2) > 30).mean() > 0.004, SIGNS[left_out]
    assert set(BACKDROPS) == set(SETTINGS)


@pytest.mark.parametrize("colour", PAINTS)
@pytest.mark.parametrize("sign", ["🧥", "🚗", "🚪", "👕", "🐈", "🧍‍♀️"])
def test_a_tint_is_seen_and_keeps_the_shading(sign: str, colour: Colour) -> None:
    plain, painted = solid(sprite(thing(sign), "t")), solid(sprite(thing(sign, colour=colour), "t"))
    target = np.array(PAINTS[colour]) / 255
    hue, vivid, _ = colorsys.rgb_to_hsv(*target)
    near = 0
    for pixel in painted[::7] / 255:
        h, s, v = colorsys.rgb_to_hsv(*pixel)
        if vivid < 0.2:
            near += s < 0.25 and (v < 0.45 if colour == "black" else v > 0.3)
        else:
            near += min(abs(h - hue), 1 - abs(h - hue)) < 0.06 and s > 0.25
    assert near / len(painted[::7]) > 0.14
    assert len(np.unique(painted.round(-1), axis=0)) > 3, "flat"
    assert plain.shape == painted.shape


@pytest.mark.parametrize("sign", ["🧍‍♀️", "👮", "👩‍🚒"])
def test_the_colour_of_a_person_is_that_of_the_clothes(sign: str) -> None:
    """The face of a person in green was green, too."""
    red, green = (sprite(thing(sign, tone="dark", colour=c), "t") for c in ("red", "green"))
    data = [np.asarray(picture, np.int16) for picture in (red, green)]
    same = (np.abs(data[0] - data[1]).max(axis=2) < 6) & (data[0][..., 3] > 200)
    assert same.sum() > 0.1 * (data[0][..., 3] > 200).sum()


@pytest.mark.parametrize("sign", ["🧔", "👩‍🚒", "🤝", "👫", "✊", "🧕"])
def test_every_skin_tone_is_another(sign: str) -> None:
    tones: tuple[Tone, ...] = ("", "light", "medium_light", "medium", "medium_dark", "dark")
    means = [solid(sprite(thing(sign, tone=tone), "t")).mean() for tone in tones]
    assert len({round(mean, 1) for mean in means}) == 6
    assert means[5] < means[1]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"sign": "🐕", "tone": "dark"}, r"scene: things\[0\]: 🐕 takes no skin tone"),
        ({"sign": "dog"}, r"scene: things\[0\]: 'dog' is not an emoji"),
        ({"sign": "→"}, r"scene: things\[0\]: '→' is not an emoji"),
        ({"sign": "🐕🐕"}, r"scene: things\[0\]: '🐕🐕' is more than one emoji"),
        ({"sign": "\U0001fae9"}, r"things\[0\]: .* is not an emoji"),
        ({"sign": "👨‍👩‍👧", "tone": "dark"}, r"is more than one emoji, or .* cannot join it"),
        ({"sign": "🐕", "caption": "W" * 24}, r"things\[0\]\.caption: a word is too long"),
    ],
)
def test_what_cannot_be_drawn_is_named(fields: dict[str, Any], says: str) -> None:
    others = [thing("🌳"), thing("🌳"), thing("🌳")]
    with pytest.raises(ValueError, match=says):
        draw(scene(thing(**fields), *others, title="street"), (480, 360))


def test_sizes_poses_and_places_show() -> None:
    small, normal, big = (
        spots(thing("🐕", size=size), thing("🌳"))["🐕"] for size in ("small", "", "big")
    )
    assert small.picture.height < 0.75 * normal.picture.height < normal.picture.height
    assert normal.picture.height < 0.9 * big.picture.height
    plain = sprite(thing("🧍"), "t")
    lying = sprite(thing("🧍", pose="lying"), "t")
    assert lying.size == plain.size[::-1] and lying.width > lying.height
    for pose in ("upside_down", "turned"):
        assert sprite(thing("🚗", pose=pose), "t").tobytes() != sprite(thing("🚗"), "t").tobytes()
    found = spots(thing("🐕", at="right"), thing("🌳", at="left"), thing("📱", at="middle"))
    assert found["🌳"].middle < 768 * 0.7 < found["📱"].middle < 1536 * 0.6 < found["🐕"].middle
    assert spots(thing("🎈"), thing("🐕"))["🎈"].feet < spots(thing("🎈"), thing("🐕"))["🐕"].feet


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([""], [[0]]),
        (["", ""], [[0], [1]]),
        (["", "", ""], [[0], [1], [2]]),
        ([""] * 4, [[0, 2], [1, 3]]),
        ([""] * 6, [[0, 3], [1, 4], [2, 5]]),
        (["right", ""], [[1], [], [0]]),
        (["left", "left", "right"], [[0, 1], [], [2]]),
        (["", "left"], [[1], [0], []]),
    ],
)
def test_things_stand_in_order_unless_told(places: list[str], expected: list[list[int]]) -> None:
    assert columns([thing(at=place) for place in places]) == expected


def test_captions_stay_apart_and_on_the_picture() -> None:
    words = ["SALE 9.99", "Granny Webb", "do not touch the glass", "12 pills", "Ana", "exit"]
    shown = [thing(sign, caption=text) for sign, text in zip(SIGNS, words, strict=True)]
    for size in ((768, 576), (480, 360)):
        assert draw(scene(*shown, footer="A strip of words"), size, "s").size == size


def test_twins_share_their_backdrop() -> None:
    one, two = (draw(scene(thing(sign)), seed="s") for sign in ("🐕", "🐈"))
    changed = np.abs(np.asarray(one, np.int16) - np.asarray(two, np.int16)).max(axis=2) > 30
    assert 0.02 < changed.mean() < 0.4
    assert not changed[:100].any(), "the houses moved"


def test_a_tone_goes_on_every_person() -> None:
    assert toned("👩‍❤️‍👨", "dark") == "👩\U0001f3ff‍❤‍👨\U0001f3ff"
    assert toned("🐕", "") == "🐕"
