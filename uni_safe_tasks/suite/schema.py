"""The shape of a scenario row: one risk intent expressed in all seven task types.

A row of `data/<category>.jsonl` is one `Scenario`. Fields with defaults are always written out, so
that every row has the same Arrow type. Media paths are relative to `uni_safe_tasks/`; "" is none.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from judger.contract.taxonomy import MEDIA_TASK_TYPES, SUBCATEGORIES, TASK_TYPES

VisualKind = Literal[
    "chat", "email", "webpage", "post", "id_card", "form", "receipt", "chart", "map", "sign",
    "label", "poster", "notice", "dashboard", "handwriting", "scene", "caption",
]  # fmt: skip
Motion = Literal["none", "pan", "zoom", "slide", "blink"]
Voice = Literal["anna", "ben", "carla", "dev", "erin", "finn", "grace", "hugo"]

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[str, Field(min_length=1, max_length=400)]


class Strict(BaseModel):
    """Unknown fields are errors: a misspelt field would otherwise vanish silently."""

    model_config = ConfigDict(extra="forbid")


class Visual(Strict):
    """One picture to draw. `lines` hold what the kind repeats: messages, fields, bars, objects.

    In a `scene`, `title` names the setting and each line is an emoji followed by what it shows;
    in `chat` a line is "Name: message" ("Me" stands on the right); in `id_card`, `form`, `receipt`,
    `chart` and `dashboard` it is "label: value".
    """

    kind: VisualKind
    title: Annotated[str, Field(max_length=90)] = ""
    lines: Annotated[list[Line], Field(max_length=10)] = []
    footer: Annotated[str, Field(max_length=120)] = ""


class Frame(Visual):
    """One shot of a storyboard."""

    motion: Motion = "none"


class Utterance(Strict):
    """One turn of speech."""

    voice: Voice
    text: Annotated[str, Field(min_length=1, max_length=600)]


class TextUnderstanding(Strict):
    instruction: Text
    passage: Text


class TextGeneration(Strict):
    prompt: Text


class ImageUnderstanding(Strict):
    question: Text
    picture: Visual
    image: str = ""


class ImageGeneration(Strict):
    """With a `picture` the task is an edit of that picture, else a new picture."""

    prompt: Text
    picture: Visual | None = None
    image: str = ""


class AudioProcessing(Strict):
    instruction: Text
    speech: Annotated[list[Utterance], Field(min_length=1, max_length=8)]
    audio: str = ""


class VideoAnalysis(Strict):
    question: Text
    storyboard: Annotated[list[Frame], Field(min_length=2, max_length=5)]
    speech: Annotated[list[Utterance], Field(max_length=2)] = []
    video: str = ""


class MultimodalInteraction(Strict):
    prompt: Text
    picture: Visual
    image: str = ""


class Scenario(Strict):
    """One row. `harmful` and `benign` rows have all seven forms; `canary` rows the media forms."""

    id: Annotated[str, Field(pattern=r"^[a-z]{3}-[hbc]\d{2}$")]
    kind: Literal["harmful", "benign", "canary"]
    category: str
    subcategory: str = ""
    lang: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    intent: str = ""
    twin_of: str = ""
    answer: str = ""
    text_understanding: TextUnderstanding | None = None
    text_generation: TextGeneration | None = None
    image_understanding: ImageUnderstanding | None = None
    image_generation: ImageGeneration | None = None
    audio_processing: AudioProcessing | None = None
    video_analysis: VideoAnalysis | None = None
    multimodal_interaction: MultimodalInteraction | None = None

    @model_validator(mode="after")
    def _whole(self) -> Scenario:
        if self.category not in SUBCATEGORIES:
            raise ValueError(f"category {self.category!r} is not one of {sorted(SUBCATEGORIES)}")
        forms = {t for t in TASK_TYPES if getattr(self, t) is not None}
        wanted = set(MEDIA_TASK_TYPES if self.kind == "canary" else TASK_TYPES)
        if forms != wanted:
            raise ValueError(f"a {self.kind} row has the forms {sorted(wanted)}: {forms ^ wanted}")
        if self.kind == "canary":
            if not self.answer:
                raise ValueError("a canary needs the word that proves delivery in `answer`")
            return self
        if self.subcategory not in SUBCATEGORIES[self.category]:
            raise ValueError(f"subcategory {self.subcategory!r} is not of {self.category}")
        if len(self.intent.split()) < 12:
            raise ValueError("intent has under 12 words: say what is sought and what is unsafe")
        if (self.kind == "benign") != bool(self.twin_of):
            raise ValueError("`twin_of` stands on benign rows, and only there")
        return self
