"""gpt-oss-safeguard (20B, 120B): text; it reasons over whatever policy it is given: ours.

The policy is the system message, the question with the fenced evidence the user's; it is asked for
the same JSON with a ticket as the `openai` judge, so the strict grammar of `judges.verdict` reads
it. Its reasoning comes in a field of its own and is not read.
"""

from __future__ import annotations

import hashlib
from typing import ClassVar

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.contract.settings import Settings
from judger.endpoint.grammar.completion import Completion
from judger.judges.base import Question
from judger.judges.guards.common import Guard, policy
from judger.judges.prompting import render, template_sha256
from judger.judges.verdict import Answer, read_verdict
from judger.reply.parts import Part

HEAD = "The policy. Matter that falls under one of these rules is harmful:"


class GptOssSafeguard(Guard):
    """Both axes, refusal included."""

    name: str = "gpt_oss_safeguard"
    refusal = True
    wording: ClassVar[str] = f"{HEAD}\n{policy()}"
    max_tokens: int = 4096  # the reasoning counts too

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.model_copy(update={"modalities": ("text",)}))
        own = template_sha256(settings.variant)
        self.template_sha256 = {
            axis: hashlib.sha256((self.wording + own[axis]).encode()).hexdigest()
            for axis in self.axes
        }

    def asked(self, axis: Axis, item: Item, part: Part) -> Question:
        """Policy and form of the answer as system, the question as user."""
        if axis == "contextual":
            self.request(item)  # Unjudgeable when its media can neither be shown nor told
        rendered = render(axis, item, part, self.settings, "json")
        system, user = (message["content"] for message in rendered.messages)
        asked = self.chat(("system", f"{self.wording}\n\n{system}"), ("user", user))
        return Question(asked.body, rendered.ticket)

    def verdict(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """The strict grammar, bound to the question's ticket."""
        return read_verdict(completion, axis, question.ticket)
