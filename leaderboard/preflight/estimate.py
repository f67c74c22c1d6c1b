"""A dry run: how many replies and judge questions a run takes, tokens, time and price.

Nothing is sent. The judge's own templates are rendered for every item, as text; a token is taken as
four characters, a picture as `PICTURE` tokens, a reply as so long as you say. Every judge of a
panel is asked what it can judge; a guard, too, is counted in our words. An estimate, not a bill.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from judger.contract.cell import Cell
from judger.contract.iso import iso_name
from judger.contract.item import Item
from judger.contract.outcomes import AXES, Axis
from judger.contract.protocol import HALF
from judger.contract.settings import Settings, SettingsError
from judger.contract.taxonomy import TASK_TYPES
from judger.judges.chat import TemplateForm
from judger.judges.panel import read_panel
from judger.judges.prompting import render
from judger.judges.registry import form_of
from judger.reply.parts import Part, split
from judger.reply.reply import Reply
from uni_safe_tasks.harness.recipe import Recipe
from uni_safe_tasks.scenario.rows import validate_all
from uni_safe_tasks.suite.capabilities import DRAWN
from uni_safe_tasks.suite.document import document
from uni_safe_tasks.suite.iso.items import iso_item, iso_rows

CHARS_A_TOKEN = 4
#: Seconds that a judge takes for a question, where nothing else is said.
LATENCY = 2.0
#: Tokens of one picture at the usual 1,024 pixels: between what vision judges count for one.
PICTURE = 1000
#: Tokens of a judge's answer: a sentence and a verdict.
ANSWER = 60


@dataclass(frozen=True)
class Seat:
    """One judge of a run: its own settings, and what it can be asked about and shown."""

    settings: Settings
    axes: frozenset[Axis]
    modalities: frozenset[str]
    structured: str
    sees_requests: bool


@dataclass
class Asked:
    """What one judge is asked."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Asked) -> Asked:
        return Asked(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass
class Estimate:
    """What a run takes. `generated` counts replies by task type, `asked` is each judge's part.

    The settings that are asked for are those that the estimate was made with.
    """

    generated: Counter[str] = field(default_factory=Counter)
    unsupported: int = 0
    asked: tuple[Asked, ...] = ()

    def __add__(self, other: Estimate) -> Estimate:
        """Both together, of the same settings."""
        pairs = zip(self.asked, other.asked, strict=True)
        return Estimate(
            self.generated + other.generated,
            self.unsupported + other.unsupported,
            tuple(one + more for one, more in pairs),
        )

    @property
    def calls(self) -> int:
        """Questions to all judges."""
        return sum(one.calls for one in self.asked)

    @property
    def input_tokens(self) -> int:
        """Of all judges."""
        return sum(one.input_tokens for one in self.asked)

    @property
    def output_tokens(self) -> int:
        """Of all judges."""
        return sum(one.output_tokens for one in self.asked)

    def seconds(self, settings: Settings, latency: float) -> float:
        """How long judging takes at `latency` seconds a question: as long as the slowest judge."""
        seated = zip(self.asked, seats(settings), strict=True)
        return max((a.calls * latency / s.settings.concurrency for a, s in seated), default=0.0)

    def price(self, settings: Settings) -> float:
        """In the currency of the judges' prices (`UNI_JUDGER_PRICE_…`, of 1e6 tokens)."""
        seated = zip(self.asked, seats(settings), strict=True)
        return (
            sum(
                a.input_tokens * s.settings.price_input + a.output_tokens * s.settings.price_output
                for a, s in seated
            )
            / 1e6
        )


def seats(settings: Settings) -> tuple[Seat, ...]:
    """The judges that the settings name and that cost something: one, or those of a panel.

    `rules` by itself stands for the judge model that could be in its place; on a panel it is free.
    A panel whose file cannot be read is counted as one judge; `uni-safe doctor` names the fault.
    """
    if not settings.ensemble:
        return (_seat(settings, AXES),)
    try:
        panel = read_panel(settings.ensemble)
        # Nobody is asked, so no key is needed.
        keyless = [seat.model_copy(update={"api_key_env": ""}) for seat in panel.judges]
        return tuple(
            _seat(seat.settings(settings, {}), seat.axes)
            for seat in keyless
            if seat.backend != "rules"
        )
    except SettingsError:
        return (_seat(settings, AXES),)


def _seat(settings: Settings, axes: Iterable[Axis]) -> Seat:
    form = (form_of(settings.backend) or TemplateForm)(settings)
    sees = "image" in getattr(form, "sees", settings.modalities)
    asked = frozenset(axes) & frozenset(form.axes)
    return Seat(settings, asked, form.modalities, form.structured, sees)


def items(recipe: Recipe | None, limit: int | None) -> list[Item]:
    """The items that a recipe asks (all 42 cells without one), at most `limit` a cell.

    Sentences (`unisafe_iso_*`) are among them where the recipe names their tasks.
    """
    return [item for _, item in _numbered(recipe, limit)]


def _numbered(recipe: Recipe | None, limit: int | None) -> Iterator[tuple[int, Item]]:
    """Each item with its place in its cell, from 1."""
    leaves = None if recipe is None else {leaf for p in recipe.phases for leaf in p.leaves}
    counts: Counter[str] = Counter()
    for row in validate_all():  # in the order of the files, as the harness has it
        for task_type in TASK_TYPES:
            cell = Cell(row.category, task_type).name
            if getattr(row, task_type) is None or (leaves is not None and cell not in leaves):
                continue
            if limit is None or counts[cell] < limit:
                counts[cell] += 1
                made = document(task_type, row.model_dump(), counts[cell])
                yield counts[cell], Item.from_doc(made)
    for item_id, (form, sentence, index) in iso_rows().items():
        if iso_name(sentence.category, form) in (leaves or ()) and index < (limit or index + 1):
            yield index + 1, iso_item(item_id)


def half_and_whole(
    recipe: Recipe | None, settings: Settings, reply_chars: int = 1000
) -> tuple[Estimate, Estimate]:
    """What the half of the suite takes (`contract.protocol.HALF`), and the whole."""
    whole = list(_numbered(recipe, None))
    half = estimate((i for place, i in whole if place <= HALF), settings, reply_chars)
    rest = estimate((i for place, i in whole if place > HALF), settings, reply_chars)
    return half, half + rest


def estimate(asked: Iterable[Item], settings: Settings, reply_chars: int = 1000) -> Estimate:
    """Count over items; those marked `unsupported` cost nothing, canaries ask no judge."""
    judges = seats(settings)
    total = Estimate(asked=tuple(Asked() for _ in judges))
    for item in asked:
        if item.unsupported:
            total.unsupported += 1
            continue
        total.generated[item.task_type] += 1
        if item.kind == "canary":
            continue
        for part in _parts(item, reply_chars):
            for seat, count in zip(judges, total.asked, strict=True):
                _ask(seat, count, item, part)
    return total


def _ask(seat: Seat, count: Asked, item: Item, part: Part) -> None:
    """Count the questions about one part; what a judge cannot judge it is not asked."""
    if ("image" if _drawn(item) else "text") not in seat.modalities:
        return
    words = seat.settings.model_copy(update={"modalities": ("text",)})
    for axis in seat.axes:
        messages = render(axis, item.for_judge(), part, words, seat.structured).messages
        text = sum(len(message["content"]) for message in messages)
        seen = _pictures(item.for_judge(), seat) if axis == "contextual" else 0
        count.input_tokens += text // CHARS_A_TOKEN + PICTURE * (seen + _drawn(item))
        count.output_tokens += ANSWER
        count.calls += 1


def _parts(item: Item, reply_chars: int) -> Sequence[Part]:
    """A text of the given length; a drawn reply is one part, counted without its text."""
    return split(Reply(text="." if _drawn(item) else "x" * max(1, reply_chars)))


def _drawn(item: Item) -> int:
    return int(item.task_type in DRAWN)


def _pictures(item: Item, seat: Seat) -> int:
    """How many pictures of the request the judge is shown."""
    if not seat.sees_requests:
        return 0
    return bool(item.image) + bool(item.video) * seat.settings.video_frames
