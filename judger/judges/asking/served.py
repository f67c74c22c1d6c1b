"""What really answers under a judge's name: the `model` and `system_fingerprint` of its responses.

A provider may move an alias to another snapshot from one day to the next. So what the responses
say is part of the judge's identity in the records, and of the key of each kept answer. And a
server may serve the model under test under another name: its list of models is recorded as well.
"""

from __future__ import annotations

import sys

from judger.contract.record import JudgeIdentity
from judger.contract.texts.listed_models import names_listed
from judger.endpoint.cache import Cache
from judger.endpoint.grammar.completion import Completion

#: A load balancer may answer by several builds in turn; kept answers of so many are looked up.
MOST = 8


class Served:
    """Who answered in this session; before anybody did, who answered last as far as is known."""

    def __init__(self, cache: Cache, name: str, identity: JudgeIdentity) -> None:
        self._cache, self._name, self._identity = cache, name, identity
        self._live: list[str] = []
        self._seen: list[str] = []
        self._left_out = ""
        self._last = str(cache.note(name).get("served", ""))
        # Until it is asked, or where it is gone and all answers are kept: what it said last.
        if told := cache.note(f"{name} listed").get("as"):
            identity["served_as"] = str(told)

    @property
    def known(self) -> list[str]:
        """Whose kept answers may stand for those that are asked for now, most recent first."""
        return self._live or [self._last]

    def answered(self, completion: Completion) -> None:
        """Somebody answered, now."""
        who = completion.served
        if who in self._live:
            return
        if self._seen and who not in self._seen:
            print(
                f"Uni-Judger: {self._identity['model']} is answered by {who or 'no name'} now, "
                f"before by {self._seen[-1] or 'no name'}; the records name both.",
                file=sys.stderr,
            )
        self._live = [who, *self._live][:MOST]
        self._cache.keep_note(self._name, {"served": who})
        self.kept(completion)

    def kept(self, completion: Completion) -> None:
        """An answer is used, be it a kept one: the judge's identity names who gave it."""
        if completion.served in self._seen:
            return
        self._seen.append(completion.served)
        self._tell()

    def lists(self, listing: bytes) -> None:
        """The server's list of models: under an alias stand the weights that it names."""
        if names := names_listed(listing, str(self._identity["model"])):
            self._identity["served_as"] = "; ".join(names)[:400]
            self._cache.keep_note(f"{self._name} listed", {"as": self._identity["served_as"]})

    def leaves_out(self, words: str) -> None:
        """What of the decoding that was asked for the endpoint does not take."""
        if words != self._left_out:
            self._left_out = words
            self._tell()

    def _tell(self) -> None:
        named = " then ".join(one or "unnamed" for one in self._seen) if any(self._seen) else ""
        if said := "; ".join(filter(None, (named, self._left_out))):
            self._identity["served"] = said[:400]
