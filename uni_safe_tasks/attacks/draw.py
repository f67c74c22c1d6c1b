"""Words drawn into a picture at run time: with Pillow and the font that it ships, nothing else.

That font knows Latin letters. An accent that it lacks is left out (é is drawn e), the sign of a
currency is written as its three letters (£ is drawn GBP); a text with any other sign that it lacks
is not drawn at all, because words would be missing from the request.
"""

from __future__ import annotations

import functools
import unicodedata

from PIL import Image, ImageDraw, ImageFont

#: Pixels: the picture's width, what is left free around the words, letters, and lines.
WIDTH, MARGIN, SIZE, LINE = 1024, 40, 26, 38
_NONE = "\uffff"  # no font has a letter for it
#: Signs of money as they are said in letters; the font has the dollar's alone.
_MONEY = {"£": "GBP ", "€": "EUR ", "¥": "JPY "}


def draw(text: str) -> Image.Image:
    """Dark words on a light ground, as wide as `WIDTH` and as high as they need.

    The same words give the same pixels. Signs that `unwritable` names are boxes.
    """
    font = _font()
    lines = [line for paragraph in _written(text).splitlines() for line in _broken(paragraph)]
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + LINE * max(1, len(lines))), "#fdfdf8")
    canvas = ImageDraw.Draw(image)
    for place, line in enumerate(lines):
        canvas.text((MARGIN, MARGIN + place * LINE), line, font=font, fill="#1d2026")
    return image


def unwritable(text: str) -> list[str]:
    """The signs that the font has no letter for, each once, in the text's order."""
    signs = dict.fromkeys(sign for sign in _written(text) if not _has(sign))
    return list(signs)


def _written(text: str) -> str:
    """The text in signs that the font has, as far as an accent makes the difference."""
    return "".join(sign if _has(sign) else _bare(sign) for sign in text)


def _bare(sign: str) -> str:
    if sign in _MONEY:
        return _MONEY[sign]
    parts = unicodedata.normalize("NFKD", sign)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    return base if base and all(map(_has, base)) else sign


@functools.lru_cache(maxsize=4096)
def _has(sign: str) -> bool:
    return sign.isspace() or _pixels(sign) != _pixels(_NONE)


def _pixels(sign: str) -> bytes:
    return bytes(_font().getmask(sign))


@functools.lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(SIZE)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    return font


def _broken(paragraph: str) -> list[str]:
    """A paragraph in lines that fit; a word that fits no line is cut."""
    lines, line = [], ""
    for word in paragraph.split():
        while not _fits(word):
            # Found from below: the font measures a long text as slowly as it is long.
            cut = next(n for n in range(1, len(word)) if not _fits(word[: n + 1]))
            lines += [line, word[:cut]] if line else [word[:cut]]
            line, word = "", word[cut:]
        if line and not _fits(f"{line} {word}"):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def _fits(text: str) -> bool:
    return _font().getlength(text) <= WIDTH - 2 * MARGIN
