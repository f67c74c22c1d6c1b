"""What a server says it serves under a name: the ids, roots and parents of its list of models.

Arguments name a model as the user does; a server may serve the same weights under any name.
"""

from __future__ import annotations

import json

MAX_BYTES = 1 << 20
#: A server that lists more than this is a provider's: only what was asked for is told.
MOST = 8


def names_listed(listing: bytes, asked: str) -> list[str]:
    """The names in an answer of `/models` that may stand for what is served as `asked`.

    What is no such list is nothing: many servers have none, and that is no fault.
    """
    try:
        listed = json.loads(listing)["data"] if len(listing) <= MAX_BYTES else []
        entries = [entry for entry in listed if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    if len(entries) > MOST or any(entry.get("id") == asked for entry in entries):
        entries = [entry for entry in entries if entry.get("id") == asked]
    names = (entry.get(key) for entry in entries for key in ("id", "root", "parent"))
    return list(dict.fromkeys(name[:200] for name in names if isinstance(name, str) and name))
