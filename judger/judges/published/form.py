"""How a judge is asked by the published protocol: one message of the user's, 512 tokens.

Sent as it is there: the data set's own label, the request, the reply and the picture's own bytes.
The judge is never shown the request's media. The wording is ours (templates/judger/reference).
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

import jinja2

from judger.contract.item import Item
from judger.contract.outcomes import AXES, Axis
from judger.contract.settings import Settings
from judger.endpoint.grammar.completion import Completion
from judger.judges.base import Question
from judger.judges.prompting import template_folder
from judger.judges.published import MARK
from judger.judges.published.digit import read_digit
from judger.judges.verdict import Answer, ended_early
from judger.media.encode import unchanged
from judger.reply.parts import Part

#: The protocol's own bound; UNI_JUDGER_MAX_TOKENS does not change it.
MAX_TOKENS = 512
_KINDS = ("text", "picture")


class PublishedForm:
    """No system message, no structured output, no re-ask, no marks around the reply."""

    name = "reference"
    axes: tuple[Axis, ...] = AXES
    modalities = frozenset({"text", "image"})
    refusal = True
    parser = "published-digit/2"
    structured = ""
    max_tokens = MAX_TOKENS
    shown = "text+image, pictures as they are, no media of the request"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.template_sha256 = wording()

    def question(self, axis: Axis, item: Item, part: Part) -> Question:
        """The one message; MediaError when a picture cannot be opened."""
        picture = unchanged(part.path, part.sha256) if part.path else []
        text = _template(axis, "picture" if picture else "text").render(
            label=item.label or item.category, intent=item.intent, request=item.prompt
        )
        said = text if picture else f"{text}\n{part.text}"
        body: dict[str, Any] = {
            "model": self.settings.model,
            "messages": [{"role": "user", "content": [{"type": "text", "text": said}, *picture]}],
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
        }
        return Question(body)

    def read(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """By the digit rule, the same on both axes; a text that was cut off is read as well."""
        if (early := ended_early(completion, cut=False)) is not None:
            return early
        verdict = read_digit(completion.text)
        if verdict is None:
            return Answer(None, "judge_unparsable", f"{MARK}no digit in {completion.text[:120]!r}")
        return Answer(verdict, reason=f"{MARK}digit in {completion.text[:120]!r}")

    def simpler(self, question: Question) -> bool:
        """There is one form."""
        return False


def _template(axis: Axis, kind: str) -> jinja2.Template:
    return _environment().get_template(f"{axis}_{kind}.jinja")


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder() / "reference"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        auto_reload=False,
    )


@functools.lru_cache(maxsize=1)
def wording() -> dict[str, str]:
    """The hash of our words behind each axis."""
    loader = _environment().loader
    assert loader is not None
    sources = {
        axis: [loader.get_source(_environment(), f"{axis}_{kind}.jinja")[0] for kind in _KINDS]
        for axis in AXES
    }
    return {
        axis: hashlib.sha256("\0".join(both).encode()).hexdigest() for axis, both in sources.items()
    }
