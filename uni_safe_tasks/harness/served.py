"""What the server of the model under test says it serves: no judge is the model by an alias.

Arguments name a model as the user does; a server may serve the same weights under any name. It is
asked once after a run, without a key, and silence is no fault: then nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

from judger.contract.texts.listed_models import names_listed

_BASE = re.compile(r"(?:^|,)\s*base_url=(?P<url>https?://[^,\s]+)")
_MODEL = re.compile(r"(?:^|,)\s*(?:model|model_version|pretrained|model_name)=(?P<name>[^,\s]+)")
SECONDS = 5.0


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
            listing = client.get(f"{base['url'].rstrip('/')}/models").content
    except (httpx.HTTPError, httpx.InvalidURL):
        return []
    return names_listed(listing, model["name"] if model else "")
