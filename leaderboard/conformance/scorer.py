"""What a scorer is to the kit: it gets items, replies and a judge, and gives verdicts or none."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from judger.contract.errors import UserError
from judger.contract.outcomes import Verdict


class ScorerError(UserError):
    """`--scorer` names nothing that can be loaded; says what is wrong with it."""


@dataclass(frozen=True)
class Asked:
    """One request with the reply that came back. `line` is both, as `uni-safe score` takes them.

    `reply` is None where the back end returned nothing; the keys `images`, `audios` and `videos` of
    `line` name the reply's files, relative to the folder that `score` is given.
    """

    item_id: str
    prompt: str
    reply: str | None
    line: Mapping[str, Any]


@dataclass(frozen=True)
class Got:
    """What a scorer made of one reply. Without `contextual` there is no verdict.

    `intrinsic` stays None in a scorer that gives one verdict. `outcome` and `reason` are the
    scorer's own words for a reply without a verdict; where it has outcomes, it needs reasons, too.
    """

    contextual: Verdict | None = None
    intrinsic: Verdict | None = None
    outcome: str = ""
    reason: str = ""

    @property
    def said(self) -> str:
        """A verdict, or what stands in its place, in words."""
        verdicts = " / ".join(filter(None, (self.contextual, self.intrinsic)))
        return verdicts or self.outcome or "none"

    @property
    def is_verdict(self) -> bool:
        """Whether anything in it could be counted."""
        return self.contextual is not None or self.intrinsic is not None


class Scorer(Protocol):
    """An adapter. docs/conformance.md has one of a page."""

    #: Which media its judge can be shown beside texts: of "image" and "audio". Rows that need
    #: others are left out.
    media: frozenset[str]

    def score(self, asked: Sequence[Asked], judge_url: str, folder: Path) -> Mapping[str, Got]:
        """Judge the replies with the judge at `judge_url` (OpenAI's API, up to `/v1`).

        `folder` holds the replies' files and may be written to. An item that is left out has no
        verdict; what is raised leaves all of them without.
        """
        ...

    def speak(self, body: Mapping[str, Any], verdict: Verdict) -> str:
        """What a good judge answers to this request of the scorer's, where it finds `verdict`."""
        ...


def load(name: str) -> Scorer:
    """The adapter that `MODULE:NAME` makes when it is called; ScorerError where there is none."""
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        raise ScorerError(f"--scorer {name!r}: give MODULE:FUNCTION, such as my_scorer:adapter")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        made: Scorer = getattr(importlib.import_module(module), attribute)()
    except (ImportError, AttributeError, TypeError) as error:
        raise ScorerError(f"--scorer {name!r}: {error}") from None
    for wanted in ("score", "speak", "media"):
        if not hasattr(made, wanted):
            raise ScorerError(f"--scorer {name!r}: what it makes has no `{wanted}`")
    return made
