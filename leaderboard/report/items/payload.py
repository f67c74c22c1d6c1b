"""What a page holds of its items: texts by column, compressed; then pictures, as many as fit."""

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


@dataclass(frozen=True)
class Payload:
    """The rows as the browser unpacks them: texts, which pictures belong to which row, pictures.

    `skipped` pictures were left out to keep the page small.
    """

    samples: Markup
    media: Markup
    pictures: Markup
    skipped: int = 0


def payload(shown: Sequence[Shown], roots: Sequence[Path], media: bool) -> Payload:
    """All of it; `roots` are the folders whose files may be shown, `media` whether any are."""
    samples = page.packed(columns([one.row for one in shown]))
    if not media:
        return Payload(samples, page.packed({}), page.inlined([]))
    thumbs = Thumbs(roots, max(LEAST, WHOLE - FRAME - len(samples)), page.kept())
    rows = illustrate(shown, thumbs)
    places = {
        "given": [row["given"] for row in rows],
        "made": [[side["made"] for side, _ in one.made] for one in shown],
    }
    return Payload(samples, page.packed(places), page.inlined(thumbs.pictures), thumbs.skipped)


def columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Key -> its values, row by row: texts of one kind compress better among themselves."""
    return {key: [row[key] for row in rows] for key in (rows[0] if rows else ())}
