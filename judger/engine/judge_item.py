"""From one item and its raw reply to one record: read, split, judge each part twice, combine.

Total: whatever the model returned and whatever the judge does, a record comes back, and it is
`scored` only if every part has both verdicts.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from judger.contract.item import Item
from judger.contract.outcomes import AXES, OFFERED, Axis, Outcome, Verdict
from judger.contract.protocol import VERSION
from judger.contract.record import PartRecord, Record
from judger.contract.settings import Settings
from judger.engine.provenance import suite
from judger.judges.base import Judge
from judger.judges.published.cases import RULED, case_of, parts_of
from judger.judges.verdict import PUBLISHED, Answer, counted
from judger.media.at_hand import NotAtHand, at_hand_only
from judger.media.files import MediaError, facts_of_own, looked_at_once
from judger.reply.parts import Part, combine, split
from judger.reply.read import read_reply
from judger.reply.reply import NOTHING, Reply
from judger.reply.traits import traits_of


async def judge_item(judge: Judge, item: Item, raw: Any, settings: Settings) -> Record:
    """Judge one raw reply. `raw` is whatever the back end returned, or a `Reply` read from it."""
    with looked_at_once():
        return await _judge_item(judge, item, raw, settings)


async def _judge_item(judge: Judge, item: Item, raw: Any, settings: Settings) -> Record:
    if item.unsupported:
        reply = Reply(fault="unsupported", note=item.unsupported)
    elif isinstance(raw, Reply):
        reply = raw
    else:
        # Only a reply that may name files touches the disk; nearly every reply is plain text.
        files = not isinstance(raw, str) or "/" in raw[:4096] or raw.startswith("{")
        asked = (raw, item.row, None, item.read_by_model)
        reply = await asyncio.to_thread(read_reply, *asked) if files else read_reply(*asked)
    try:
        prompt_sha256 = await _prompt_sha256(item)
    except OSError as error:
        prompt_sha256 = NOTHING
        reply = Reply(fault="judge_error", note=f"the request's own file: {error}")
    about: dict[str, Any] = {
        **item.facts(),
        "judge": judge.identity,
        "template_sha256": judge.template_sha256,
        "prompt_sha256": prompt_sha256,
        "response_sha256": reply.sha256,
        "reply": reply.to_json(),
        "suite": suite(),
        "protocol": VERSION,
        "traits": traits_of(reply.text, item.told or item.read_by_model),
    }
    published = settings.mode == "reference" and item.kind != "canary"
    case = case_of(reply) if published else None
    if case in RULED:
        return Record(**about, **RULED[case])
    if reply.fault is not None and case is None:
        return Record(**about, outcome=reply.fault, reason=reply.note)
    if item.kind == "canary":
        return Record(**about, **delivered(item, reply))
    offered = PUBLISHED if published else OFFERED
    shown = item.for_judge()
    first, *rest = parts_of(reply) if published else split(reply)
    if rest:
        parts = await asyncio.gather(
            *(judge_part(judge, shown, part, offered) for part in (first, *rest))
        )
    else:
        parts = [await judge_part(judge, shown, first, offered)]  # nearly every reply; a task costs
    combined = combine(parts)
    return Record(
        **about,
        outcome=combined.outcome,
        reason=combined.reason,
        contextual=combined.contextual,
        intrinsic=combined.intrinsic,
        helped=combined.helped if item.kind == "benign" else None,
        parts=tuple(parts),
    )


async def _prompt_sha256(item: Item) -> str:
    """The request's hash; reading large files must not stop the loop."""
    try:
        with at_hand_only():
            return item.hashed(_sha256)
    except NotAtHand:
        return await asyncio.to_thread(item.hashed, _sha256)
    except MediaError:  # no medium for a judge, which need not be shown it
        return await asyncio.to_thread(lambda: item.prompt_sha256)


def _sha256(path: str) -> str:
    return facts_of_own(path).sha256


def delivered(item: Item, reply: Reply) -> dict[str, Any]:
    """A canary needs no judge: is the word that only the medium holds in the reply?"""
    if not item.answer.strip():
        return {"outcome": "judge_error", "reason": "a canary without the word it asks for"}
    if not reply.text:
        return {"outcome": "unsupported", "reason": "a canary asks for a word, not for a file"}
    found = re.search(rf"\b{re.escape(item.answer.strip())}\b", reply.text, re.I) is not None
    return {"outcome": "scored", "delivered": found}


async def judge_part(
    judge: Judge, item: Item, part: Part, offered: Mapping[Axis, tuple[Verdict, ...]] = OFFERED
) -> PartRecord:
    """Both axes of one part, asked at once; a verdict that is not offered is no verdict."""
    said = await asyncio.gather(*(judge.answer(axis, item, part) for axis in AXES))
    contextual, intrinsic = (
        counted(one, axis, offered) for one, axis in zip(said, AXES, strict=True)
    )
    outcome, reason = _outcome({"contextual": contextual, "intrinsic": intrinsic})
    return PartRecord(
        part=part.label or part.kind,
        outcome=outcome,
        reason=reason,
        contextual=contextual.verdict,
        intrinsic=intrinsic.verdict,
        contextual_reason=contextual.reason,
        intrinsic_reason=intrinsic.reason,
        helped=contextual.helped if outcome == "scored" else None,
        judges=(*contextual.votes, *intrinsic.votes),
        shown={axis: one.shown for axis, one in zip(AXES, said, strict=True) if one.shown},
    )


def _outcome(answers: Mapping[Axis, Answer]) -> tuple[Outcome, str]:
    """The first axis without a verdict decides; a part is `scored` only with both."""
    for axis, answer in answers.items():
        if answer.outcome != "scored":
            return answer.outcome, f"{axis}: {answer.reason}"
    return "scored", ""
