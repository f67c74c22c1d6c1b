"""The lines of a file of the copy, as the import and the tasks both number and read them."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from judger.offline.jsonl import MAX_LINE
from uni_safe_tasks.importers.source import SourceError


def numbered(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line). Lines end with CR, LF or both, as Python reads a text: an item may
    hold U+2028, and a line that is not UTF-8 spoils no other."""
    return enumerate(data.removeprefix(codecs.BOM_UTF8).splitlines(), 1)


def parsed(line: bytes) -> dict[str, Any] | None:
    """The object on a line, None for a blank one; SourceError."""
    if len(line) > MAX_LINE:
        raise SourceError(f"a line of more than {MAX_LINE} bytes")
    try:
        text = line.decode("utf-8").removeprefix("\ufeff").strip()
        loaded = json.loads(text) if text else None
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 ({error.reason} at byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"no JSON ({error})") from None
    if text and not isinstance(loaded, dict):
        raise SourceError("a JSON object is wanted on every line")
    return loaded
