"""What every page is made of: escaped templates, one style and one script by hash, inert data.

The page's policy (CSP) names its own style and script by hash and allows nothing else; texts of
models, judges and files are escaped by Jinja, or enter as data that is never parsed as HTML.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from judger.contract.settings import SettingsError, load
from judger.media.kept import Kept
from judger.rates.metrics import METRICS
from leaderboard.report import plot
from leaderboard.text import words

#: The room whose `pages` every page is made from; another room's come before it.
ROOM = "leaderboard.report"


def rendered(
    template: str,
    scripts: Iterable[str],
    shown: Iterable[str],
    room: str = ROOM,
    styles: Iterable[str] = (),
    **values: Any,
) -> str:
    """A whole page: the template with our style and these scripts; `styles` are further ones."""
    sheets = [_asset(name, room) for name in ("report.css", *styles)]
    style = "".join(sheets) + _tabs(shown)
    body = "".join(_asset(name, room) for name in scripts)
    script = f'"use strict";\n(() => {{\n{body}}})();\n'
    made = environment(room).get_template(template)
    return made.render(
        style=Markup(style),  # noqa: S704  our own files
        script=Markup(script),  # noqa: S704
        style_hash=_hash(style),
        script_hash=_hash(script),
        shown=shown,
        **values,
    )


def write(page: str, path: Path) -> None:
    """Write a page to `path`, creating its folder; OSError when that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", errors="backslashreplace")


@cache
def environment(room: str = ROOM) -> Environment:
    """Jinja with everything escaped, hidden characters spelt out, `words` for numbers and names."""
    loader = ChoiceLoader([PackageLoader(one, "pages") for one in dict.fromkeys((room, ROOM))])
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals.update(words=words, plot=plot)
    return made


def _finalize(value: Any) -> Any:
    """Every text that enters the page, but for our own HTML."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return words.visible(value)


def packed(value: Any) -> Markup:
    """JSON, compressed, in letters and digits that HTML cannot mistake for anything."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    data = gzip.compress(text.encode("utf-8", errors="backslashreplace"), mtime=0)
    return Markup(base64.b64encode(data).decode("ascii"))  # noqa: S704  base64


def inlined(value: Any) -> Markup:
    """JSON that can stand in a script element: nothing in it can end the element or open one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  the five characters that HTML could see are escaped


def kept() -> Kept | None:
    """Where small pictures are kept for the next page; None where the cache is off."""
    try:
        folder = load().cache_dir
    except SettingsError:  # of a judge, who is not asked here
        return None
    return Kept(folder) if folder else None


def _tabs(shown: Iterable[str]) -> str:
    """Which table each tab shows, and in which colour: high is good, bad, or neither."""
    hues: Mapping[bool | None, str] = {True: "heat", False: "bad", None: "neutral"}
    return "".join(
        f"#heat-{m}:checked ~ .{m} {{ display: block; --hue: var(--{hues[METRICS[m]]}); }}\n"
        for m in shown
    )


def _asset(name: str, room: str = ROOM) -> str:
    folders = [resources.files(one) / "pages" for one in (room, ROOM)]
    found = next(folder / name for folder in folders if (folder / name).is_file())
    return found.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
