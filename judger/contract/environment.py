"""The environment variables of the suite: which there are, and which were meant but mistyped.

A variable that nobody reads changes nothing and says nothing: a judge that was to be asked is not.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from judger.contract.settings import PREFIX, Settings

#: Variables that are no settings of a judge: name -> what it is (docs/judge.md has the settings).
OTHERS: dict[str, str] = {
    "UNI_JUDGER_PREFLIGHT": "`off`: the judge is not asked before a run begins",
    "UNI_JUDGER_MEDIA_ROOTS": "folders, separated as in PATH, below which replies may name files",
    "UNI_SAFE_ATTACK": "the wrapper that stands around every request (docs/attacks.md)",
    "UNI_SAFE_CAPABILITIES": "what the model can do, such as text-to-text,image-to-text",
    "UNI_SAFE_CACHE_EVERY": "replies after which `--use_cache` writes them down",
    "UNI_SAFE_VOICES": "the folder of the voices and spoken sentences of `make voices`",
    "UNI_SAFE_ITEMS": "a file of `uni-safe import` for the task `unisafe_items`",
    "UNI_SAFEBENCH_DATA": "the index of your copy of the paper's data",
}
PREFIXES = (PREFIX, "UNI_SAFE_", "UNI_SAFEBENCH_", "UNI_JUDGE_", "UNISAFE_", "UNIJUDGER_")
#: A panel's file names variables of the user's own for its keys; it is read up to here.
_MAX_PANEL = 256 * 1024


def known() -> tuple[str, ...]:
    """Every variable that the suite reads."""
    return (*(PREFIX + name.upper() for name in Settings.model_fields), *OTHERS)


def unread(environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """A line for each variable that looks like ours and that nobody reads."""
    names = known()
    mistyped = [n for n in environ if n.upper().startswith(PREFIXES) and n not in names]
    own = _named_by_panel(environ, mistyped) if mistyped else set()
    for name in sorted(set(mistyped) - own):
        near = _nearest(name.upper(), names)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(names)}"
        yield f"{name} is set, but nothing reads it: {hint}"


def _nearest(name: str, names: Iterable[str]) -> str:
    """The known name that was most likely meant, "" where none is near.

    Swapped letters come first, then the same last word: a prefix is what people get wrong.
    """
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.75)
    swapped = [one for one in close if sorted(one) == sorted(name)]
    last = [one for one in close if one.rpartition("_")[2] == name.rpartition("_")[2]]
    return next(iter((*swapped, *last, *close)), "")


def _named_by_panel(environ: Mapping[str, str], names: Iterable[str]) -> set[str]:
    """Those that the panel's file names, as the variable of a key (`api_key_env`)."""
    try:
        with Path(environ.get(f"{PREFIX}ENSEMBLE", "")).open("rb") as file:
            text = file.read(_MAX_PANEL).decode("utf-8", "replace")
    except (OSError, ValueError):
        return set()
    return {name for name in names if name in text}
