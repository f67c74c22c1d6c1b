"""A back end while it answers tasks of ours: one reply a request, in their order, or none at all.

lmms-eval zips what `generate_until` returns with what it asked. One reply too many or too few, and
every later question gets its neighbour's. So here requests go through in slices of one task each,
the replies of a slice are counted, and those of a slice that does not add up are replaced by a
failure (`target_error`). What the model cannot do by declaration it is never asked.

docs/patches.md says which back ends of 0.7.3 miscount, with file and line.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from judger.contract.texts.surrogates import replace_surrogates
from judger.engine.run_state import Traffic
from uni_safe_tasks.harness.patches import reordering
from uni_safe_tasks.harness.patches.read_at_once import document, remember
from uni_safe_tasks.harness.patches.reply_cache import VARIABLE, slice_size
from uni_safe_tasks.suite.capabilities import marker

_OWN = "uni_safe_tasks."
#: So many times a back end that nobody has read is asked to show that it keeps the order.
TRIALS = 3
#: Back ends of 0.7.3 that return replies in an order of their own: asked one by one.
OUT_OF_ORDER = frozenset({"lmms_eval.models.simple.fuyu", "lmms_eval.models.simple.batch_gpt4"})


@contextmanager
def watched(lm: Any, ours: set[str], traffic: Traffic) -> Iterator[None]:
    """Let a back end be watched for as long as this lasts; `traffic` counts what it is asked."""
    watch = Watch(lm, ours, traffic)
    before = vars(lm).get("generate_until")
    lm.generate_until = watch.generate_until
    try:
        yield
    finally:
        if before is None:
            del lm.generate_until
        else:
            lm.generate_until = before


class Watch:
    """Stands before a back end's own `generate_until`."""

    def __init__(self, lm: Any, ours: set[str], traffic: Traffic) -> None:
        self.lm, self.ours, self.traffic = lm, ours, traffic
        self.original = lm.generate_until
        module = type(lm).__module__
        self.name = type(lm).__name__
        #: How many requests are put to it at once; 0: all of them, it is ours.
        self.step = 0 if module.startswith(_OWN) else slice_size()
        if module in OUT_OF_ORDER:
            self.step = 1
        self.trusted, self.trials = module.startswith((_OWN, "lmms_eval.models.")), 0

    def generate_until(self, requests: Sequence[Any]) -> list[Any]:
        """One reply a request, in their order."""
        found: dict[int, Any] = {}
        mine, others = list[int](), list[int]()
        for index, request in enumerate(requests):
            if _task(request) not in self.ours:
                others.append(index)
            elif why := self._unsupported(request):
                found[index] = marker(why)
                self._count([request], 1)
            else:
                mine.append(index)
        if others:  # as the harness would have asked them
            replies = self.original([requests[i] for i in others])
            if len(replies) != len(others):
                raise ValueError(
                    f"{self.name} returned {len(replies)} replies to {len(others)} requests of "
                    "other tasks; run them by themselves"
                )
            found.update(zip(others, replies, strict=True))
        for some in self._slices(mine, requests):
            found.update(zip(some, self._answered([requests[i] for i in some]), strict=True))
        return [found[index] for index in range(len(requests))]

    def _slices(self, mine: Sequence[int], requests: Sequence[Any]) -> Iterator[Sequence[int]]:
        """Of one task each: 0.7.3's back ends look a batch's pictures up in its first task."""
        if not self.step:
            yield from [mine] if mine else []
            return
        for _, run in groupby(mine, key=lambda i: _task(requests[i])):
            cell = list(run)
            yield from (cell[s : s + self.step] for s in range(0, len(cell), self.step))

    def _answered(self, requests: Sequence[Any]) -> list[Any]:
        """The replies to requests that go through together; failures where they do not add up."""
        try:
            with reordering.checked():
                replies = list(self.original(list(requests)))
            came, wrong = len(replies), ""
        except reordering.Miscounted as error:
            came, replies, wrong = error.replies, [], f"returned {error.replies} replies"
        except (UnboundLocalError, StopIteration) as error:  # nothing to give a second time
            came, replies, wrong = 0, [], f"ended with {type(error).__name__}"
        self._count(requests, came)
        if came != len(requests):
            wrong = wrong or f"returned {came} replies"
        elif not wrong and not self.trusted:
            wrong = self._misplaced(requests, replies)
        if wrong:
            return self._lost(requests, wrong)
        return [self._taken(*pair) for pair in zip(requests, replies, strict=True)]

    def _taken(self, request: Any, reply: Any) -> Any:
        """One reply in a form that the harness takes, after it was read."""
        readable = _readable(reply)
        remember(self.lm, request, reply, readable)
        return readable

    def _count(self, requests: Sequence[Any], came: int) -> None:
        """What was asked and what came; a shard's padding, whose reply is dropped, is neither."""
        asked = Counter(
            _task(r) for r in requests if not (r.metadata or {}).get("__padding_only__")
        )
        self.traffic.requests.update(asked)
        if came == len(requests):
            self.traffic.replies.update(asked)
        else:  # only a back end of ours is asked about several tasks at once
            self.traffic.replies[_task(requests[0])] += came

    def _misplaced(self, requests: Sequence[Any], replies: Sequence[Any]) -> str:
        """How replies are in another order than their requests, "" where nothing says so.

        A reply that no other question got is asked for again, by itself. Where its place held other
        words, and these words stood in a place whose own question, by itself, gets others, places
        were exchanged. A back end that passes once, or leaves it open three times, is trusted.
        """
        texts = [_text(reply) for reply in replies]
        place = next((i for i, t in enumerate(texts) if t and texts.count(t) == 1), None)
        if place is None or len(set(texts)) < 2:
            return ""
        alone = self._alone(requests[place])
        self.trials += 1
        if alone == texts[place] or not alone or texts.count(alone) != 1:
            self.trusted = alone == texts[place] or self.trials >= TRIALS
            return ""
        there = texts.index(alone)
        if self._alone(requests[there]) == texts[there]:
            return ""  # it says the same to both, and not always the same
        return f"put the reply to request {place + 1} in place {there + 1}"

    def _alone(self, request: Any) -> str:
        again = list(self.original([request]))
        return _text(again[0]) if len(again) == 1 else ""

    def _lost(self, requests: Sequence[Any], wrong: str) -> list[Any]:
        why = (
            f"the back end {self.name} {wrong}, asked {len(requests)} requests of "
            f"{_task(requests[0])}: whose is whose cannot be told"
        )
        self.traffic.faults.append(why)
        print(
            f"lmms_eval: {why}; none of them is judged ({VARIABLE}=1 asks one at a time)",
            file=sys.stderr,
        )
        return [f"[LMMS_EVAL_REQUEST_FAILED after 0 retries] {why}"] * len(requests)

    def _unsupported(self, request: Any) -> str:
        """A document's own `unsupported`; simple and chat requests end in id, task and split."""
        return str(document(self.lm, request).get("unsupported") or "")


def _task(request: Any) -> str:
    return str(request.args[-2])


def _text(reply: Any) -> str:
    found = getattr(reply, "text", reply)
    return found if isinstance(found, str) else ""


def _readable(reply: Any) -> Any:
    """A reply as the harness takes it: it reads None as the word "None", and stops at a list."""
    from lmms_eval.api.instance import GenerationResult

    if isinstance(reply, GenerationResult):
        return GenerationResult(_readable(reply.text), reply.token_counts)
    if isinstance(reply, tuple) and len(reply) == 2 and isinstance(reply[0], str):
        return (_readable(reply[0]), reply[1])
    if isinstance(reply, dict):
        return replace_surrogates(json.dumps(reply, ensure_ascii=False, default=str))
    if isinstance(reply, str):
        return replace_surrogates(reply)
    if reply is None:
        return ""
    kind = type(reply).__name__
    return f"[LMMS_EVAL_REQUEST_FAILED after 0 retries] the back end returned a {kind}, no text"
