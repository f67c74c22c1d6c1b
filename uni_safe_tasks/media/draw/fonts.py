"""Fonts by role, and which of them can draw a given text.

Only fonts that Debian packages are used (`PACKAGES`); they are looked up by file name, so that any
folder layout below the usual roots will do.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from judger.contract.user_folders import user_home

PACKAGES = (
    "fonts-comic-neue",
    "fonts-dancingscript",
    "fonts-dejavu-core",
    "fonts-lato",
    "fonts-liberation",
    "fonts-noto-color-emoji",
)
ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

#: role -> (file, file with more glyphs that stands in when the first lacks a character)
FACES: dict[str, tuple[str, str]] = {
    "sans": ("Lato-Medium.ttf", "DejaVuSans.ttf"),
    "bold": ("Lato-Bold.ttf", "DejaVuSans-Bold.ttf"),
    "black": ("Lato-Black.ttf", "DejaVuSans-Bold.ttf"),
    "serif": ("LiberationSerif-Regular.ttf", "DejaVuSerif.ttf"),
    "serif-bold": ("LiberationSerif-Bold.ttf", "DejaVuSerif-Bold.ttf"),
    "mono": ("LiberationMono-Regular.ttf", "DejaVuSansMono.ttf"),
    "mono-bold": ("LiberationMono-Bold.ttf", "DejaVuSansMono-Bold.ttf"),
    "narrow": ("LiberationSansNarrow-Bold.ttf", "DejaVuSans-Bold.ttf"),
    "hand": ("ComicNeue-Bold.otf", "DejaVuSans.ttf"),
    "script": ("DancingScript-Bold.otf", "ComicNeue-Bold.otf"),
}
EMOJI = "NotoColorEmoji.ttf"
#: The one size at which the emoji font holds its bitmaps.
EMOJI_SIZE = 109


@lru_cache(maxsize=1)
def _index() -> dict[str, Path]:
    """File name -> path of every font below the roots; first in sorted order wins."""
    found: dict[str, Path] = {}
    home = user_home()
    for root in (*ROOTS, *([home / ".fonts"] if home else [])):
        for path in sorted(root.rglob("*.[to]tf")):
            found.setdefault(path.name, path)
    return found


@lru_cache(maxsize=512)
def load(file: str, size: int) -> ImageFont.FreeTypeFont:
    """The font `file` at `size` pixels.

    Raises:
        RuntimeError: the font is not installed; the message says what to install.
    """
    path = _index().get(file)
    if path is None:
        raise RuntimeError(f"font {file} is missing: apt-get install {' '.join(PACKAGES)}")
    return ImageFont.truetype(path, size)


@lru_cache(maxsize=4096)
def _has(file: str, char: str) -> bool:
    # Pillow does not expose the character map: a missing character draws as .notdef does, and
    # U+10FFFE can be in no font.
    font = load(file, 32)
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffe"))


def covers(role: str, text: str) -> bool:
    """Whether a role's own font, without its stand-in, has every character of `text`."""
    return all(ch.isspace() or _has(FACES[role][0], ch) for ch in text)


def face(role: str, size: int, text: str, field: str) -> ImageFont.FreeTypeFont:
    """The font of a role at `size` pixels, or its stand-in when `text` needs one.

    Raises:
        ValueError: neither font has some character of `text`; names `field` and the character.
    """
    for file in FACES[role]:
        lacking = [ch for ch in text if not ch.isspace() and not _has(file, ch)]
        if not lacking:
            return load(file, size)
    raise ValueError(f"{field}: no font for {lacking[0]!r} (U+{ord(lacking[0]):04X})")


def emoji(symbol: str, field: str) -> Image.Image:
    """One emoji, a sequence too, as an RGBA picture with empty edges: about 144 x 136.

    Raises:
        ValueError: the emoji font lacks it, or draws it as more than one; names `field`.
    """
    font = load(EMOJI, EMOJI_SIZE)
    kept = "".join(ch for ch in symbol if ch not in "\ufe0e\ufe0f")
    if not kept or not all(_drawn(ch) for ch in kept if ch != "\u200d" and not _is_tag(ch)):
        raise ValueError(f"{field}: {symbol!r} is not an emoji that {EMOJI} can draw")
    if font.getlength(kept) > 1.1 * font.getlength("\U0001f600"):
        raise ValueError(f"{field}: {symbol!r} is more than one emoji, or {EMOJI} cannot join it")
    box = font.getbbox(kept)
    picture = Image.new("RGBA", (max(1, int(box[2])) + 8, int(box[3]) + 8), (0, 0, 0, 0))
    ImageDraw.Draw(picture).text((4, 4), kept, font=font, embedded_color=True)
    if picture.getchannel("A").getbbox() is None:
        raise ValueError(f"{field}: {symbol!r} draws as nothing")
    return picture


def _is_tag(char: str) -> bool:
    """The letters of a flag's region, which draw as nothing by themselves."""
    return 0xE0020 <= ord(char) <= 0xE007F


@lru_cache(maxsize=1024)
def _drawn(char: str) -> bool:
    font = load(EMOJI, EMOJI_SIZE)
    return ord(char) > 0x7F and font.getmask(char, mode="RGBA").getbbox() is not None
