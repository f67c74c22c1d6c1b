"""What the browser loads when two rows are compared: one small script a row, one a layout.

They are scripts and not JSON because a page that was opened from disk may load no other file. They
hold numbers, ids and letters only.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from typing import Any

from pydantic_core import to_json

from leaderboard.board.numbers import letter_values
from leaderboard.board.row import Row
from leaderboard.board.site.data import slug
from leaderboard.submission.manifest import CELLS

#: What is compared on shared items: metric -> the kind of its items.
COMPARED = {"both_safe": "harmful", "helped": "benign", "over_refusal": "benign"}


def row_file(row: Row) -> tuple[str, str]:
    """The file of a row and its text: the letters, and which layout they are of."""
    own = {
        "layout": _layout(row.items, row.columns, row.kinds)[0],
        "letters": row.letters,
        "counts": {m: _counts(m, kind, row.tells_refusals) for m, kind in COMPARED.items()},
    }
    return f"compare/{script(row)}.js", _call("row", script(row), to_json(own).decode())


def layout_files(rows: Iterable[Row]) -> dict[str, str]:
    """File name -> its text, for what the letters of these rows are of; rows share it."""
    # By identity first: most rows share their tuples, and to hash those costs more than all else.
    distinct = {(id(row.items), id(row.columns), row.kinds): row for row in rows}
    found = {_layout(row.items, row.columns, row.kinds) for row in distinct.values()}
    return {f"compare/{name}.js": _call("layout", name, text) for name, text in found}


@functools.lru_cache(maxsize=8)
def _layout(items: tuple[str, ...], columns: tuple[int, ...], kinds: str) -> tuple[str, str]:
    """(name, text) of the items that letters stand for."""
    cells = [".".join(cell) for cell in CELLS]
    text = to_json({"items": items, "columns": columns, "kinds": kinds, "cells": cells}).decode()
    return hashlib.sha256(text.encode()).hexdigest()[:16], text


def script(row: Row) -> str:
    """The name of a row's script, without its ending."""
    return slug(row.submission).removesuffix(".html")


def _counts(metric: str, kind: str, tells_refusals: bool) -> dict[str, int]:
    """Letter -> 1 or 0; letters of items that are not scored are absent."""
    values = letter_values(tells_refusals)[metric, kind]
    return {chr(code): int(value) for code, value in enumerate(values) if value == value}


def _call(what: str, name: str, text: str) -> str:
    told: Any = to_json(name).decode()
    return f"uniSafe.{what}({told},{text});\n"
