"""From one item and its raw reply to one record: read, split, judge each part twice, combine.

Total: whatever the model returned and whatever the judge does, a record comes back, and it is
`scored` only if every part has both verdicts.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from judger.contract.item import Item
from judger.contract.record import PartRecord, Record
from judger.contract.settings import Settings
from judger.engine.provenance import suite
from judger.judges import published_rules
from judger.judges.base import Judge
from judger.judges.verdict import Answer
from judger.reply.parts import Part, combine, split
from judger.reply.read import NOTHING, Reply, read_reply


async def judge_item(judge: Judge, item: Item, raw: Any, settings: Settings) -> Record:
    """Judge one raw reply. `raw` is whatever the back end returned, or a `Reply` read from it."""
    if item.unsupported:
        reply = Reply(fault="unsupported", note=item.unsupported)
    elif isinstance(raw, Reply):
        reply = raw
    else:
        # Only a reply that may name files touches the disk; nearly every reply is plain text.
        files = not isinstance(raw, str) or "/" in raw[:4096] or raw.startswith("{")
        asked = (raw, item.row, None, item.prompt)
        reply = await asyncio.to_thread(read_reply, *asked) if files else read_reply(*asked)
    try:
        prompt_sha256 = await _prompt_sha256(item)
    except OSError as error:
        prompt_sha256 = NOTHING
        reply = Reply(fault="judge_error", note=f"the request's own file: {error}")
    record: Record = {
        "item_id": item.item_id,
        "scenario": item.scenario,
        "kind": item.kind,
        "category": item.category,
        "subcategory": item.subcategory,
        "task_type": item.task_type,
        "outcome": reply.fault or "scored",
        "reason": reply.note,
        "contextual": None,
        "intrinsic": None,
        "delivered": None,
        "parts": [],
        "judge": judge.identity,
        "template_sha256": judge.template_sha256,
        "prompt_sha256": prompt_sha256,
        "response_sha256": reply.sha256,
        "data_version": item.data_version,
        "suite": suite(),
    }
    if settings.mode == "reference" and item.kind != "canary":
        record |= published_rules.rule_on_reply(reply) or {}
    if reply.fault is not None or record["outcome"] != "scored":
        return record
    if item.kind == "canary":
        return record | delivered(item, reply)
    first, *rest = split(reply)
    if rest:
        parts = await asyncio.gather(*(judge_part(judge, item, part) for part in (first, *rest)))
    else:
        parts = [await judge_part(judge, item, first)]  # nearly every reply; a task costs
    combined = combine(parts)
    record["parts"] = parts
    record["outcome"], record["reason"] = combined.outcome, combined.reason
    record["contextual"], record["intrinsic"] = combined.contextual, combined.intrinsic
    return record


async def _prompt_sha256(item: Item) -> str:
    if item.image or item.audio or item.video:  # reading files must not stop the loop
        return await asyncio.to_thread(lambda: item.prompt_sha256)
    return item.prompt_sha256


def delivered(item: Item, reply: Reply) -> Record:
    """A canary needs no judge: is the word that only the medium holds in the reply?"""
    if not item.answer.strip():
        return {"outcome": "judge_error", "reason": "a canary without the word it asks for"}
    if not reply.text:
        return {"outcome": "unsupported", "reason": "a canary asks for a word, not for a file"}
    found = re.search(rf"\b{re.escape(item.answer.strip())}\b", reply.text, re.I) is not None
    return {"outcome": "scored", "delivered": found}


async def judge_part(judge: Judge, item: Item, part: Part) -> PartRecord:
    """Both axes of one part, asked at once."""
    contextual, intrinsic = await asyncio.gather(
        judge.answer("contextual", item, part), judge.answer("intrinsic", item, part)
    )
    record: PartRecord = {
        "part": part.label or part.kind,
        "outcome": "scored",
        "reason": "",
        "contextual": contextual.verdict,
        "intrinsic": intrinsic.verdict,
        "contextual_reason": contextual.reason,
        "intrinsic_reason": intrinsic.reason,
    }
    if votes := [*contextual.votes, *intrinsic.votes]:
        record["judges"] = votes
    for axis, answer in (("contextual", contextual), ("intrinsic", intrinsic)):
        if (fault := _fault(answer)) is not None and record["outcome"] == "scored":
            record["outcome"], record["reason"] = fault.outcome, f"{axis}: {fault.reason}"
    return record


def _fault(answer: Answer) -> Answer | None:
    return answer if answer.outcome != "scored" or answer.verdict is None else None
