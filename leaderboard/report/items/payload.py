"""What a page holds of its items: lines and texts by column, compressed; then pictures, as many as
fit. The lines are drawn at once, texts and pictures are unpacked later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from leaderboard.report import page
from leaderboard.report.items.rows import Row, Shown, illustrate
from leaderboard.report.items.thumbs import Thumbs

#: Bytes that a page should have at most, and those of it that are neither texts nor pictures.
WHOLE, FRAME = 2_950_000, 300_000
#: However long the texts are, pictures may have so many.
LEAST = 400_000
_PLACE = ("id", "category", "type", "kind", "sub", "change")
_VERDICT = ("outcome", "contextual", "intrinsic", "helped", "delivered", "split", "form")
#: What the line of an item shows and what filters look at.
LISTED = frozenset((*_PLACE, *_VERDICT))


@dataclass(frozen=True)
class Payload:
    """The rows as the browser unpacks them: lines, texts, which pictures belong to which row,
    pictures.

    `skipped` pictures were left out to keep the page small.
    """

    samples: Markup
    texts: Markup
    media: Markup
    pictures: Markup
    skipped: int = 0


def payload(shown: Sequence[Shown], roots: Sequence[Path], media: bool) -> Payload:
    """All of it; `roots` are the folders whose files may be shown, `media` whether any are."""
    samples, texts = (
        page.packed(columns([part(one.row, listed) for one in shown])) for listed in (True, False)
    )
    if not media:
        return Payload(samples, texts, page.packed({}), page.inlined([]))
    left = WHOLE - FRAME - len(samples) - len(texts)
    thumbs = Thumbs(roots, max(LEAST, left), page.kept())
    rows = illustrate(shown, thumbs)
    places = {
        "given": [row["given"] for row in rows],
        "made": [[side["made"] for side, _ in one.made] for one in shown],
    }
    pictures = page.inlined(thumbs.pictures)
    return Payload(samples, texts, page.packed(places), pictures, thumbs.skipped)


def part(row: Row, listed: bool) -> Row:
    """Of a row, and of both sides where it has two: what its line needs, or all else."""
    found = {key: value for key, value in row.items() if (key in LISTED) == listed}
    if "sides" in row:
        found["sides"] = [side and part(side, listed) for side in row["sides"]]
    return found


def columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Key -> its values, row by row: texts of one kind compress better among themselves."""
    return {key: [row[key] for row in rows] for key in (rows[0] if rows else ())}
