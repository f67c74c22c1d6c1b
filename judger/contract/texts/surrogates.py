"""Half a character: a surrogate without its other half, which no file can hold.

JSON may carry one (`"\\ud83d"`), and a model's tokens may end in one. Python keeps it in a string,
and the first file that is written with it stops there: lmms-eval ends a samples file at that line.
"""

from __future__ import annotations

from typing import Any


def replace_surrogates(value: Any) -> Any:
    """A text, or all texts of a JSON value, with pairs joined and lone halves as U+FFFD."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if isinstance(value, dict):
        return {replace_surrogates(key): replace_surrogates(held) for key, held in value.items()}
    if isinstance(value, list):
        return [replace_surrogates(held) for held in value]
    return value
