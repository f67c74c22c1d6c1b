"""The `openai` judge: any chat model, asked by the templates of templates/judger."""

from __future__ import annotations

from typing import Any

from judger.item import Item
from judger.judges.base import Question
from judger.parts import Part
from judger.prompting import render, template_sha256
from judger.record import Axis
from judger.settings import Settings
from judger.verdict import Answer, Completion, read_verdict, schema


class TemplateForm:
    """Structured output where the server offers it (`mode` "json"), else the last-line grammar."""

    name = "openai"
    axes: tuple[Axis, ...] = ("intrinsic", "contextual")
    refusal = True
    parser = "uni-judger/1"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.max_tokens = settings.max_tokens
        self.modalities = frozenset(settings.modalities) | (
            {"video"} if "image" in settings.modalities else set()
        )
        self.template_sha256 = template_sha256(settings.variant)
        self.mode = "line" if settings.structured == "line" else "json"

    def question(self, axis: Axis, item: Item, part: Part) -> Question:
        """The two messages of this axis; temperature 0."""
        rendered = render(axis, item, part, self.settings, self.mode)
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": rendered.messages,
            "temperature": 0,
            "max_tokens": self.settings.max_tokens,
        }
        if self.mode == "json":
            body["response_format"] = schema(axis)
        again = {
            "role": "user",
            "content": "That answer has no verdict in the form asked for. Answer again, in exactly "
            f"the form asked for, with the ticket {rendered.ticket}.",
        }
        return Question(body, rendered.ticket, again=again)

    def read(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """The strict grammar of `judger.verdict`."""
        return read_verdict(completion, axis, question.ticket)

    def simpler(self, question: Question) -> bool:
        """Without `response_format`, where the server does not know it and the user lets us."""
        if self.settings.structured != "auto" or "response_format" not in question.body:
            return False
        self.mode = "line"
        return True
