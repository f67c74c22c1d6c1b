"""Whether a string, in its whole, is the name of a medium: a file, an address, or the bytes.

A sentence that mentions a file is not; only so few words that the file is what was meant are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from judger.media.files import EXTENSIONS, default_roots

#: Kinds of media files that no judge is sent: they end in a fault, not in a text.
_OTHERS = "tif tiff heic heif avif svg jxl jfif ppm pgm ico apng exr aac wma aif aiff oga amr"
_MORE = "m4v mpg mpeg wmv flv 3gp ogv y4m"
_KNOWN = [suffix[1:] for kind in EXTENSIONS.values() for suffix in kind]
_SUFFIX = "|".join([*_KNOWN, *_OTHERS.split(), *_MORE.split()])
_FILE = re.compile(rf"[^\s/\\]\.(?:{_SUFFIX})$", re.I)
_ADDRESS = re.compile(rf"\w+://\S*[.=](?:{_SUFFIX})\b\S*", re.I)
_INLINE = re.compile(r"data:(?:image|audio|video)/[\w.+-]+[;,]\S", re.I)
#: PNG, JPEG, GIF and RIFF in base64, and as Python prints the bytes of the first two.
_BYTES = re.compile(
    r"(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR)[\w+/=\s-]{8,}|b['\"]\\x(?:89PNG|ff\\xd8).*", re.S
)
#: Without one of these no line of a text is such a name; nearly every text has none.
_HINT = re.compile(rf"[.=](?:{_SUFFIX})\b", re.I)
_HINTS = ("data:", "ivborw0", "/9j/", "r0lgod", "uklgr", "b'\\x", 'b"\\x')
#: A file's name ends in so many characters at most: one, a dot and the longest ending.
_TAIL = 2 + max(map(len, _SUFFIX.split("|")))
_ANCHORED = re.compile(r"[/~]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|\\\\")
_CODE = re.compile(r"\"|\('")  # open("a.png is what is left of code between brackets
LONGEST = 4096  # no disk takes a longer path

_BULLET = re.compile(r"(?:[-*•+]|\d+[.)])\s+")
_LINK = re.compile(r"!?\[[^\[\]]*\]\(([^()]*)\)")
_SOURCE = re.compile(r"\b(?:src|href)\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|([^\"'<>\s]+))")
_LABEL = re.compile(r"([\w ]{1,40})[:=：]\s*(\S.*)")
#: Keys and labels under which a medium is handed over, whatever they are called exactly.
MEDIA_WORD = re.compile(
    r"image|img|pictur|photo|audio|sound|speech|voice|wav|video|film|clip|movie|frame|media"
    r"|file|path|url|output|artifact|result|generat|saved",
    re.I,
)


def names_medium(text: str) -> bool:
    """Whether a text is nothing but the name, path, address or bytes of one medium."""
    text = text.strip()
    if _INLINE.match(text) or _BYTES.fullmatch(text):
        return True
    if len(text) > LONGEST or "\n" in text:
        return False
    if "://" in text and len(text.split()) == 1 and _ADDRESS.fullmatch(text):
        return True
    if not _FILE.search(text[-_TAIL:]) or _CODE.search(text):
        return False
    words = text.split()
    # Paths have spaces, too; with more words it is a sentence unless it begins as a path does.
    few = len(words) <= 3 or ("/" in words[0] and len(words) <= 6)
    return few or _ANCHORED.match(text) is not None


def may_name(text: str) -> bool:
    """Whether it is worth looking for names in a text, line by line."""
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS) or _HINT.search(text) is not None


def lies_here(name: str, roots: Sequence[Path] | None) -> bool:
    """Whether a name is one of a back end's files: absolute below `roots`, or existing there."""
    roots = default_roots() if roots is None else roots
    try:
        path = Path(name.removeprefix("file://")).expanduser()
        real = path.resolve()
        inside = any(real.is_relative_to(root) for root in roots)
        return inside and (path.is_absolute() or real.exists())
    except (OSError, ValueError, RuntimeError):  # a name that no disk can have
        return False


def exists_here(name: str, roots: Sequence[Path] | None) -> bool:
    """Whether a name is that of a file below `roots` that is there."""
    roots = default_roots() if roots is None else roots
    try:
        path = Path(name.removeprefix("file://")).expanduser()
        if not path.exists():  # nearly every one, and a text may hold thousands
            return False
        real = path.resolve()
        return real.is_file() and any(real.is_relative_to(root) for root in roots)
    except (OSError, ValueError, RuntimeError):  # a name that no disk can have
        return False


def bare(line: str) -> str:
    """A line without what may stand around a path: bullet, label, quotes, Markdown, HTML."""
    line = line.strip()
    if bullet := _BULLET.match(line):
        line = line[bullet.end() :]
    if link := _LINK.fullmatch(line):
        line = link[1].partition(' "')[0]
    elif line.startswith("<") and (source := _SOURCE.search(line)) and line.endswith(">"):
        line = source[source.lastindex or 1]
    elif (label := _LABEL.fullmatch(line)) and (
        "/" in label[2] or "\\" in label[2] or MEDIA_WORD.search(label[1])
    ):
        rest = _without_marks(label[2])
        line = rest if names_medium(rest) else line
    return _without_marks(line)


def _without_marks(line: str) -> str:
    return line.strip(" \"'`<>()[]{}*,;").rstrip(".:,;")
