"""The `openai` judge: any chat model, asked by the templates of templates/judger."""

from __future__ import annotations

from typing import Any

from judger.contract.item import Item
from judger.contract.outcomes import Axis
from judger.contract.settings import Settings
from judger.endpoint.grammar.completion import Completion
from judger.judges.base import Question, Unjudgeable
from judger.judges.prompting import again as reask
from judger.judges.prompting import render, shown, template_sha256
from judger.judges.verdict import Answer, read_verdict, schema
from judger.reply.parts import Part


class TemplateForm:
    """JSON by a schema where the server offers it (`structured`), else the last-line grammar."""

    name = "openai"
    axes: tuple[Axis, ...] = ("intrinsic", "contextual")
    refusal = True
    parser = "uni-judger/2"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.max_tokens = settings.max_tokens
        frames = {"video"} if "image" in settings.modalities else set()
        self.modalities = frozenset(settings.modalities) | frames
        self.shown = shown(settings)
        self.template_sha256 = template_sha256(settings.variant)
        self.structured = "line" if settings.structured == "line" else "json"

    def question(self, axis: Axis, item: Item, part: Part) -> Question:
        """The two messages of this axis; temperature 0.

        Unjudgeable when a medium of the request can be neither shown nor told in words.
        """
        if axis == "contextual" and not item.media_text and (unseen := self._unseen(item)):
            raise Unjudgeable(
                f"the request's {unseen} cannot be shown to a judge of "
                f"{', '.join(self.settings.modalities)} (UNI_JUDGER_MODALITIES)"
            )
        rendered = render(axis, item, part, self.settings, self.structured)
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": rendered.messages,
            "temperature": 0,
            "max_tokens": self.settings.max_tokens,
        }
        if self.structured == "json":
            body["response_format"] = schema(axis, rendered.asks_helped)
        again = reask(self.settings.variant, rendered.ticket)
        return Question(body, rendered.ticket, again=again, asks_helped=rendered.asks_helped)

    def _unseen(self, item: Item) -> str:
        """The first medium of a request that this judge does not take."""
        media = {
            "picture": (item.image, "image"),
            "film": (item.video, "video"),
            "sound": (item.audio, "audio"),
        }
        taken = self.modalities
        return next((name for name, (path, as_) in media.items() if path and as_ not in taken), "")

    def read(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """The strict grammar of `judger.judges.verdict`."""
        return read_verdict(completion, axis, question.ticket, question.asks_helped)

    def simpler(self, question: Question) -> bool:
        """Without `response_format`, where the server does not know it and the user lets us."""
        if self.settings.structured != "auto" or "response_format" not in question.body:
            return False
        self.structured = "line"
        return True
