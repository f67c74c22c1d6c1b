"""`judge` and `ajudge`: replies judged in a notebook or a script, without a harness.

from judger import judge
made = judge(requests, replies, backend="rules")
made                    # <10 replies, 9 scored, both_safe 1.00 [0.70, 1.00] UNCALIBRATED>
made.rate("both_safe"); made.records; made.to_pandas()
"""

from __future__ import annotations

import asyncio
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from judger.contract.environment import unread
from judger.contract.errors import UserError
from judger.contract.item import Item
from judger.contract.record import JudgeIdentity, Record
from judger.contract.settings import PREFIX, Settings, SettingsError, load
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.engine.session import Session
from judger.offline.batch import Work, judged
from judger.rates.calibration import of_identity
from judger.rates.metrics import METRICS
from judger.rates.statistics import Rate, rate_of
from judger.reply.read import read_reply
from judger.reply.reply import Reply

if TYPE_CHECKING:
    import pandas

#: What a request may hold; the other fields of an item are the harness's.
FIELDS = (
    "prompt", "category", "task_type", "kind", "intent", "subcategory", "item_id", "scenario",
    "media_text", "answer", "image", "audio", "video",
)  # fmt: skip


@dataclass(frozen=True)
class Judgements:
    """What a judge said of some replies.

    Attributes:
        records: one a reply, in their order; a record without a verdict says why.
        identity: who judged.
    """

    records: tuple[Record, ...]
    identity: JudgeIdentity

    def rate(self, metric: str) -> Rate:
        """The rate of a metric: k of n scored items, value, 95 % interval, worst and best case.

        Args:
            metric: a key of `judger.METRICS`, such as `both_safe`.

        Raises:
            UserError: there is no such metric.
        """
        if metric not in METRICS:
            raise UserError(f"{metric!r} is no metric; there are {', '.join(METRICS)}")
        return rate_of(metric, self.records)

    def to_pandas(self) -> pandas.DataFrame:
        """One row a reply, with the columns of its record; needs pandas."""
        import pandas

        return pandas.DataFrame([record.to_json() for record in self.records])

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        scored = sum(record.outcome == "scored" for record in self.records)
        words = [f"{len(self.records)} replies, {scored} scored"]
        for metric in ("both_safe", "helped", "over_refusal"):
            if (rate := self.rate(metric)).n:
                words.append(f"{metric} {rate.value:.2f} [{rate.low:.2f}, {rate.high:.2f}]")
        told = of_identity(self.identity).told
        mark = "" if told == "calibrated" else f" {told}"
        return f"<{', '.join(words)}{mark}>"


def judge(
    requests: Sequence[Mapping[str, Any] | Item],
    replies: Sequence[Any],
    settings: Settings | None = None,
    **options: Any,
) -> Judgements:
    """Judge replies that exist already, many at a time.

    Args:
        requests: one a reply: an `Item`, or a dict with `prompt` and `category`, and optionally
            `task_type` (default `text_generation`), `kind` (`harmful`, `benign`, `canary`; default
            `harmful`), `intent`, `subcategory`, `item_id`, `scenario`, `media_text`, `answer` (of a
            canary) and the paths `image`, `audio`, `video` of the request's media.
        replies: what the model said: a text, the path of a file, a dict with `text` and `images` as
            back ends return it, a `Reply`, or None where nothing came back.
        settings: the judge; without it the environment's (`UNI_JUDGER_…`).
        options: single settings by name that go before them, such as `backend="rules"`.

    Returns:
        One record a reply. A reply that cannot be judged is a record with its reason, never a
        verdict.

    Raises:
        UserError: a request that cannot be read, or a judge that cannot work; says which.
    """
    if len(requests) != len(replies):
        raise UserError(f"{len(requests)} requests, but {len(replies)} replies: one each is needed")
    pairs = zip(requests, replies, strict=True)
    work = [_work(index, request, reply) for index, (request, reply) in enumerate(pairs)]
    session = Session(_settings(settings, options))
    try:
        session.preflight()
        records = tuple(record for _, record in judged(session, work))
        return Judgements(records, session.judge.identity)
    finally:
        session.close()


async def ajudge(
    requests: Sequence[Mapping[str, Any] | Item],
    replies: Sequence[Any],
    settings: Settings | None = None,
    **options: Any,
) -> Judgements:
    """`judge`, for code that runs in an event loop: the loop goes on while it judges."""
    return await asyncio.to_thread(judge, requests, replies, settings, **options)


def _settings(settings: Settings | None, options: Mapping[str, Any]) -> Settings:
    if unknown := sorted(set(options) - set(Settings.model_fields)):
        raise SettingsError(f"{unknown[0]!r} is no setting of a judge ({PREFIX}…)")
    if settings is None:
        for line in unread():
            warnings.warn(line, stacklevel=3)
    known = (settings or load()).model_dump()
    try:
        return Settings.model_validate({**known, **options})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        shown = "" if first["loc"][0] == "api_key" else f"={first['input']!r}"
        raise SettingsError(f"{first['loc'][0]}{shown}: {first['msg']}") from None


def item_of(index: int, request: Mapping[str, Any] | Item, named: str = "requests") -> Item:
    """A request as an item; UserError names the request and what is wrong with it."""
    if isinstance(request, Item):
        return request
    where = f"{named}[{index}]"
    if unknown := sorted(set(request) - set(FIELDS)):
        raise UserError(f"{where}: unknown field {unknown[0]!r}; known: {', '.join(FIELDS)}")
    given = {k: v for k, v in request.items() if v not in ("", None)}
    if "task_type" not in request:
        given["task_type"] = "text_generation"
    for name, known in (("category", CATEGORIES), ("task_type", TASK_TYPES)):
        if given.get(name) not in known:
            wrong = f"{where}: {name} {given.get(name)!r}"
            raise UserError(f"{wrong} is not one of {', '.join(known)}")
    if "prompt" not in given:
        raise UserError(f"{where}: prompt is missing")
    try:
        return Item.from_doc({"item_id": f"{index}", **given})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UserError(f"{where}: {first['loc'][0]}: {first['msg']}") from None


def _work(index: int, request: Mapping[str, Any] | Item, reply: Any) -> Work:
    item = item_of(index, request)
    if isinstance(reply, Reply):
        return Work(item, reply, reply.text)
    raw = os.fspath(reply) if isinstance(reply, Path) else reply
    read = read_reply(raw, item.row, prompt=item.prompt)
    text = raw if isinstance(raw, str) else json.dumps(raw, default=str)
    return Work(item, read, "" if raw is None else text)
