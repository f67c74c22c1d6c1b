"""A thing as a picture: its emoji, in its skin tone, colour and pose."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from uni_safe_tasks.media.draw import fonts
from uni_safe_tasks.media.people import takes_tone, toned
from uni_safe_tasks.media.scene.tint import Mask, tinted
from uni_safe_tasks.scenario.schema import Colour, Pose, Thing, Tone

#: What floats or flies: drawn in the upper part, and throws no shadow on the ground.
AIRY = frozenset("☁⛅🌤🌥🌦🌧🌨🌩🌪☀🌞🌙🌛🌝🌕⭐🌟✨⚡❄🌈🦅🐦🕊🦇🦋🐝🎈🪁🛩✈🚁🛸🚀☄🎆🎇🪂🛰💭💬🗯💡🎵🎶💨📶💤")


def is_airy(thing: Thing) -> bool:
    """Whether the thing belongs in the air."""
    return thing.sign[0] in AIRY


def _skin(sign: str, field: str) -> Mask | None:
    """Where the skin and hair of a person are: there the lightest and darkest tone differ."""
    if not any(map(takes_tone, sign)):
        return None
    light, dark = (fonts.emoji(toned(sign, tone), field) for tone in ("light", "dark"))
    plain = fonts.emoji(toned(sign, ""), field)
    if not light.size == dark.size == plain.size:
        return None
    apart = np.abs(np.asarray(light, np.int16) - np.asarray(dark, np.int16)).max(axis=2)
    return apart > 20


@lru_cache(maxsize=512)
def _sprite(sign: str, tone: Tone, colour: Colour, pose: Pose, field: str) -> Image.Image:
    try:
        picture = fonts.emoji(toned(sign, tone), field)
    except ValueError as error:
        raise ValueError(str(error) if field in str(error) else f"{field}: {error}") from error
    if colour:
        picture = tinted(picture, colour, _skin(sign, field))
    picture = picture.crop(picture.getchannel("A").getbbox())
    if pose == "lying":
        return picture.transpose(Image.Transpose.ROTATE_90)
    if pose == "upside_down":
        return picture.transpose(Image.Transpose.ROTATE_180)
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if pose == "turned" else picture


def sprite(thing: Thing, field: str) -> Image.Image:
    """The thing as an RGBA picture of the emoji's own size, cropped to what it shows.

    Raises:
        ValueError: the font has no such emoji, or it takes no skin tone; names `field`.
    """
    return _sprite(thing.sign, thing.tone, thing.colour, thing.pose, field)
