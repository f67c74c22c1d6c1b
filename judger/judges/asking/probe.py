"""Harmless questions: is the judge there, in which form does it take questions, can it be read?"""

from __future__ import annotations

from judger.contract.item import Item
from judger.judges.verdict import Answer
from judger.reply.parts import Part

ITEM = Item(item_id="probe", category="", task_type="text_generation", prompt="Say hello.")
PART = Part("text", text="Good morning.")
#: Asked one after the other until an answer can be read: one slip is no unreadable judge.
PARTS = (PART, Part("text", text="Thank you, and have a nice day."), Part("text", text="Hello."))


def unreadable(answer: Answer) -> str:
    """What is wrong with a judge none of whose answers to the probe can be read, and what to do."""
    return (
        f"its answers to {len(PARTS)} harmless questions cannot be read ({answer.outcome}: "
        f"{answer.reason}). If it thinks aloud, start its server with a reasoning parser or raise "
        "UNI_JUDGER_MAX_TOKENS; if it does not keep to the form, try UNI_JUDGER_STRUCTURED=line "
        "or json"
    )
