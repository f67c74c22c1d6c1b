"""What the server of the model under test says it serves: no judge is the model by an alias.

Arguments name a model as the user does; a server may serve the same weights under any name. It is
asked once after a run, without a key, and silence is no fault: then nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

_BASE = re.compile(r"(?:^|,)\s*base_url=(?P<url>https?://[^,\s]+)")
_MODEL = re.compile(r"(?:^|,)\s*(?:model|model_version|pretrained|model_name)=(?P<name>[^,\s]+)")
SECONDS, MAX_BYTES = 5.0, 1 << 20
#: A server that lists more than this is a provider's: only what was asked for is told.
MOST = 8


def served(arguments: Any) -> list[str]:
    """The names, roots and parents that the server of these `--model_args` lists."""
    if isinstance(arguments, Mapping):
        arguments = ",".join(f"{key}={value}" for key, value in arguments.items())
    base, model = (pattern.search(str(arguments or "")) for pattern in (_BASE, _MODEL))
    if base is None:
        return []
    try:
        # The machine's proxy has no way to a port of this machine.
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:
            answer = client.get(f"{base['url'].rstrip('/')}/models")
        listed = answer.json()["data"] if len(answer.content) <= MAX_BYTES else []
        entries = [entry for entry in listed if isinstance(entry, dict)]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return []
    asked = model["name"] if model else ""
    if len(entries) > MOST or any(entry.get("id") == asked for entry in entries):
        entries = [entry for entry in entries if entry.get("id") == asked]
    names = (entry.get(key) for entry in entries for key in ("id", "root", "parent"))
    return list(dict.fromkeys(name[:200] for name in names if isinstance(name, str) and name))
