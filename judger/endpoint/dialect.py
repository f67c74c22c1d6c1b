"""The parameters a server takes: what is called otherwise, or left out, because it refused it.

Learned from what it says to the first questions, before any was answered, and then kept: a reply
under examination cannot change how the others are asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

_LENGTH = re.compile(r"max_(completion_)?tokens")
_TEMPERATURE = re.compile(r"temperature")


@dataclass(frozen=True)
class Dialect:
    """Which parameters are sent: `max_completion_tokens` in place of `max_tokens`, temperature."""

    completion_tokens: bool = False
    temperature: bool = True

    def body(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The request as this server takes it."""
        made = dict(asked)
        if self.completion_tokens and "max_tokens" in made:
            made["max_completion_tokens"] = made.pop("max_tokens")
        if not self.temperature:
            made.pop("temperature", None)
        return made

    def after(self, words: str) -> Iterator[Dialect]:
        """What to try, in order, when a request was refused with these words."""
        if not self.completion_tokens and _LENGTH.search(words):
            yield replace(self, completion_tokens=True)
        if self.temperature and _TEMPERATURE.search(words):
            yield replace(self, temperature=False)

    def kept(self) -> dict[str, bool]:
        """This dialect as it is written down; `Dialect(**kept)` is it again."""
        return asdict(self)
