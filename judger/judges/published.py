"""The judge of `UNI_JUDGER_MODE=reference`: asked for a digit, read by the published protocol.

Only for reproducing and explaining a published number; `published_rules` has the rules and says
what is wrong with them. The wording is ours (templates/judger/reference).
"""

from __future__ import annotations

from typing import Any

from judger.contract.item import Item
from judger.contract.outcomes import AXES, Axis
from judger.contract.settings import Settings
from judger.endpoint.grammar.completion import Completion
from judger.judges.base import Question
from judger.judges.prompting import render, template_sha256
from judger.judges.published_rules import MARK, read_digit
from judger.judges.verdict import Answer, ended_early
from judger.reply.parts import Part

VARIANT = "reference"


class PublishedForm:
    """No structured output, no ticket in the answer, no re-ask, and no media of the request."""

    name = "reference"
    axes: tuple[Axis, ...] = AXES
    modalities = frozenset({"text", "image"})
    refusal = True
    parser = "published-digit/1"
    structured = ""

    def __init__(self, settings: Settings) -> None:
        self.max_tokens = settings.max_tokens
        self.shown = f"text+image, pictures to {settings.image_side} px, no media of the request"
        self.settings = settings.model_copy(update={"variant": VARIANT})
        self.template_sha256 = template_sha256(VARIANT)

    def question(self, axis: Axis, item: Item, part: Part) -> Question:
        """The two messages; the judge is never shown what was to be edited or looked at."""
        words_only = item.model_copy(update={"image": "", "audio": "", "video": ""})
        rendered = render(axis, words_only, part, self.settings, "digit")
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": rendered.messages,
            "temperature": 0,
            "max_tokens": self.settings.max_tokens,
        }
        return Question(body)

    def read(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """The last digit that stands for a verdict, wherever it is."""
        if (early := ended_early(completion, cut=False)) is not None:
            return early
        verdict = read_digit(completion.text, axis)
        if verdict is None:
            return Answer(None, "judge_unparsable", f"{MARK}no digit in {completion.text[:120]!r}")
        return Answer(verdict, reason=f"{MARK}digit in {completion.text[:120]!r}")

    def simpler(self, question: Question) -> bool:
        """There is one form."""
        return False
