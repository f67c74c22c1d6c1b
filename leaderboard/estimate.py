"""A dry run: how many replies and judge questions a run takes, tokens, time and price.

Nothing is sent. The judge's own templates are rendered for every item, as text; a token is taken as
four characters, a picture as `PICTURE` tokens, a reply as so long as you say. An estimate, not a
bill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from judger.item import Item
from judger.parts import Part, split
from judger.prompting import render
from judger.record import AXES
from judger.reply import Reply
from judger.settings import Settings
from judger.taxonomy import TASK_TYPES
from uni_safe_tasks.capabilities import DRAWN
from uni_safe_tasks.document import document
from uni_safe_tasks.recipe import Recipe
from uni_safe_tasks.rows import interleaved, validate_all

CHARS_A_TOKEN = 4
#: Tokens of one picture at the usual 1,024 pixels: between what vision judges count for one.
PICTURE = 1000
#: Tokens of a judge's answer: a sentence and a verdict.
ANSWER = 60


@dataclass
class Estimate:
    """What a run takes. `generated` counts replies by task type, the rest is the judge's part."""

    generated: Counter[str] = field(default_factory=Counter)
    unsupported: int = 0
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def seconds(self, settings: Settings, latency: float) -> float:
        """How long judging takes, at `latency` seconds a question and the set concurrency."""
        return self.calls * latency / settings.concurrency

    def price(self, settings: Settings) -> float:
        """In the currency of `UNI_JUDGER_PRICE_INPUT` and `_OUTPUT` (for 1e6 tokens)."""
        tokens = self.input_tokens * settings.price_input
        return (tokens + self.output_tokens * settings.price_output) / 1e6


def items(recipe: Recipe | None, limit: int | None) -> list[Item]:
    """The items that a recipe asks (all 42 cells without one), at most `limit` a cell."""
    leaves = None if recipe is None else {leaf for p in recipe.phases for leaf in p.leaves}
    found: list[Item] = []
    counts: Counter[str] = Counter()
    for row in interleaved(validate_all()):
        for task_type in TASK_TYPES:
            cell = f"uni_safe_{row.category}_{task_type}"
            if getattr(row, task_type) is None or (leaves is not None and cell not in leaves):
                continue
            if limit is None or counts[cell] < limit:
                counts[cell] += 1
                found.append(Item.from_doc(document(task_type, row.model_dump(), counts[cell])))
    return found


def estimate(asked: Iterable[Item], settings: Settings, reply_chars: int = 1000) -> Estimate:
    """Count over items; those marked `unsupported` cost nothing, canaries ask no judge."""
    words = settings.model_copy(update={"modalities": ("text",)})
    total = Estimate()
    for item in asked:
        if item.unsupported:
            total.unsupported += 1
            continue
        total.generated[item.task_type] += 1
        if item.kind == "canary":
            continue
        for part in _parts(item, reply_chars):
            for axis in AXES:
                messages = render(axis, item, part, words, settings.mode).messages
                text = sum(len(message["content"]) for message in messages)
                seen = _pictures(item, settings) if axis == "contextual" else 0
                total.input_tokens += text // CHARS_A_TOKEN + PICTURE * (seen + _drawn(item))
                total.output_tokens += ANSWER
                total.calls += 1
    return total


def _parts(item: Item, reply_chars: int) -> Sequence[Part]:
    """A text of the given length; a drawn reply is one part, counted without its text."""
    return split(Reply(text="." if _drawn(item) else "x" * max(1, reply_chars)))


def _drawn(item: Item) -> int:
    return int(item.task_type in DRAWN)


def _pictures(item: Item, settings: Settings) -> int:
    """How many pictures of the request the judge is shown."""
    if "image" not in settings.modalities:
        return 0
    return bool(item.image) + bool(item.video) * settings.video_frames
