"""What stands above every question: who asks, for whom, by which key.

`OPENAI_ORG_ID`, `OPENAI_PROJECT_ID` and `OPENAI_CUSTOM_HEADERS` (one `Name: value` a line, as a
gateway may want them) are read as OpenAI's own client reads them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from judger.contract.settings import Settings
from judger.endpoint.address import versioned

_AGENT = "Uni-Judger"


def headers_of(settings: Settings) -> dict[str, str]:
    """The headers of a judge's requests. The key is the settings', whatever else is named."""
    key = settings.api_key.get_secret_value()
    made = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "OpenAI-Organization": os.environ.get("OPENAI_ORG_ID", ""),
        "OpenAI-Project": os.environ.get("OPENAI_PROJECT_ID", ""),
    }
    ours = {"Authorization": f"Bearer {key or 'none'}"}
    if key and versioned(settings.base_url):  # Azure has a header of its own for it
        ours["api-key"] = key
    for name, value in (*_custom(), *ours.items()):
        # A name counts once, however it is written; in its place, so that it stays readable.
        made = {one: said for one, said in made.items() if one.lower() != name.lower()}
        made[name] = value
    return {name: value for name, value in made.items() if value}


def _custom() -> Iterator[tuple[str, str]]:
    for line in os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip():
            yield name.strip(), value.strip()
