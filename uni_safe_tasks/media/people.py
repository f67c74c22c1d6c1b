"""Which emoji take a skin tone: people and hands (Emoji_Modifier_Base of Unicode 14)."""

from __future__ import annotations

from uni_safe_tasks.scenario.schema import Tone

MODIFIERS: dict[Tone, str] = {
    "light": "\U0001f3fb",
    "medium_light": "\U0001f3fc",
    "medium": "\U0001f3fd",
    "medium_dark": "\U0001f3fe",
    "dark": "\U0001f3ff",
}
_RANGES = (
    (0x261D, 0x261D), (0x26F9, 0x26F9), (0x270A, 0x270D), (0x1F385, 0x1F385), (0x1F3C2, 0x1F3C4),
    (0x1F3C7, 0x1F3C7), (0x1F3CA, 0x1F3CC), (0x1F442, 0x1F443), (0x1F446, 0x1F450),
    (0x1F466, 0x1F469), (0x1F46B, 0x1F46E), (0x1F470, 0x1F478), (0x1F47C, 0x1F47C),
    (0x1F481, 0x1F483), (0x1F485, 0x1F487), (0x1F48F, 0x1F48F), (0x1F491, 0x1F491),
    (0x1F4AA, 0x1F4AA), (0x1F574, 0x1F575), (0x1F57A, 0x1F57A), (0x1F590, 0x1F590),
    (0x1F595, 0x1F596), (0x1F645, 0x1F647), (0x1F64B, 0x1F64F), (0x1F6A3, 0x1F6A3),
    (0x1F6B4, 0x1F6B6), (0x1F6C0, 0x1F6C0), (0x1F6CC, 0x1F6CC), (0x1F90C, 0x1F90C),
    (0x1F90F, 0x1F90F), (0x1F918, 0x1F91F), (0x1F926, 0x1F926), (0x1F930, 0x1F939),
    (0x1F93D, 0x1F93E), (0x1F977, 0x1F977), (0x1F9B5, 0x1F9B6), (0x1F9B8, 0x1F9B9),
    (0x1F9BB, 0x1F9BB), (0x1F9CD, 0x1F9CF), (0x1F9D1, 0x1F9DD), (0x1FAC3, 0x1FAC5),
    (0x1FAF0, 0x1FAF6),
)  # fmt: skip


def takes_tone(char: str) -> bool:
    """Whether a single character is a person or a hand."""
    return any(low <= ord(char) <= high for low, high in _RANGES)


def toned(sign: str, tone: Tone) -> str:
    """The emoji with a skin tone on every person in it.

    Raises:
        ValueError: there is nobody in it.
    """
    plain = "".join(char for char in sign if char not in "\ufe0e\ufe0f")
    if not tone:
        return plain
    if not any(map(takes_tone, plain)):
        raise ValueError(f"{sign} takes no skin tone: it is no person and no hand")
    return "".join(char + MODIFIERS[tone] if takes_tone(char) else char for char in plain)
