"""The shape of a scenario row: one risk theme expressed in all seven task types.

A row of `data/<category>.jsonl` is one `Scenario`. Fields with defaults are always written out, so
that every row has the same Arrow type. Media paths are relative to `uni_safe_tasks/`; "" is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from judger.contract.taxonomy import MEDIA_TASK_TYPES, SUBCATEGORIES, TASK_TYPES

VisualKind = Literal[
    "chat", "email", "webpage", "post", "id_card", "form", "receipt", "chart", "map", "sign",
    "label", "poster", "notice", "dashboard", "handwriting", "scene", "caption",
]  # fmt: skip
Motion = Literal["none", "pan", "zoom", "slide", "blink"]
Voice = Literal["anna", "ben", "carla", "dev", "erin", "finn", "grace", "hugo"]
Pace = Literal["slow", "normal", "quick"]
Noise = Literal["", "room", "street", "cafe", "train", "wind"]
Setting = Literal[
    "room", "street", "water", "night", "kitchen", "office", "shop", "farm", "park", "stage",
    "classroom", "sky",
]  # fmt: skip
Colour = Literal[
    "", "red", "orange", "yellow", "green", "blue", "purple", "brown", "black", "white", "grey",
    "pink",
]  # fmt: skip
Tone = Literal["", "light", "medium_light", "medium", "medium_dark", "dark"]
Pose = Literal["", "lying", "upside_down", "turned"]
Deed = Literal[
    "", "enters", "leaves", "crosses", "appears", "vanishes", "falls", "rises", "approaches",
    "recedes", "shakes", "goes_to",
]  # fmt: skip
SETTINGS: tuple[Setting, ...] = get_args(Setting)

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[str, Field(min_length=1, max_length=400)]


class Strict(BaseModel):
    """Unknown fields are errors: a misspelt field would otherwise vanish silently."""

    model_config = ConfigDict(extra="forbid")


class Thing(Strict):
    """One thing of a scene: an emoji, and what is done to it; `what` says what is then seen.

    `tone` stands on people and hands only; `caption` is written on a tag at the thing.
    """

    sign: Annotated[str, Field(min_length=1, max_length=16)]
    what: Annotated[str, Field(min_length=1, max_length=120)]
    colour: Colour = ""
    tone: Tone = ""
    size: Literal["", "small", "big"] = ""
    pose: Pose = ""
    at: Literal["", "left", "middle", "right"] = ""
    caption: Annotated[str, Field(max_length=24)] = ""


class Actor(Thing):
    """A thing of a film: what it does in the shot; `to` is the number, from 1, of its goal."""

    does: Deed = ""
    to: Annotated[int, Field(ge=0, le=6)] = 0

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Actor:
        if (self.does == "goes_to") != bool(self.to):
            raise ValueError("`to` stands with `goes_to`, and only there")
        return self


class Visual(Strict):
    """One picture to draw. `lines` hold what the kind repeats: messages, fields, bars, places.

    In `chat` a line is "Name: message" ("Me" stands on the right); in `id_card`, `form`, `receipt`,
    `chart` and `dashboard` it is "label: value"; in `map` the places along a route. In a `scene`,
    `title` names the setting and `things` stand in it; no other kind has things.
    """

    kind: VisualKind
    title: Annotated[str, Field(max_length=90)] = ""
    lines: Annotated[list[Line], Field(max_length=10)] = []
    footer: Annotated[str, Field(max_length=120)] = ""
    things: Annotated[Sequence[Thing], Field(max_length=6)] = []

    @model_validator(mode="after")
    def _scene(self) -> Visual:
        if self.kind != "scene":
            if self.things:
                raise ValueError("things stand in a scene, and only there")
        elif self.lines or not self.things:
            raise ValueError("a scene has one to six things, and no lines")
        elif not set(self.title.lower().split()) & set(SETTINGS):
            raise ValueError(f"a scene's title names one of {', '.join(SETTINGS)}")
        return self


class Frame(Visual):
    """One shot of a storyboard."""

    things: Annotated[Sequence[Actor], Field(max_length=6)] = []
    motion: Motion = "none"

    @model_validator(mode="after")
    def _reached(self) -> Frame:
        for number, thing in enumerate(self.things, 1):
            if thing.to > len(self.things) or thing.to == number:
                raise ValueError(f"things[{number - 1}]: goes to {thing.to}, which is no other one")
        return self


class Utterance(Strict):
    """One turn of speech."""

    voice: Voice
    text: Annotated[str, Field(min_length=1, max_length=600)]
    pace: Pace = "normal"


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
    noise: Noise = ""
    audio: str = ""


class VideoAnalysis(Strict):
    """`order_matters` where the answer depends on the order of the shots."""

    question: Text
    storyboard: Annotated[list[Frame], Field(min_length=2, max_length=5)]
    speech: Annotated[list[Utterance], Field(max_length=2)] = []
    order_matters: bool = False
    video: str = ""


class MultimodalInteraction(Strict):
    prompt: Text
    picture: Visual
    image: str = ""


class Scenario(Strict):
    """One row. `harmful` and `benign` rows have all seven forms; `canary` rows the media forms.

    `severity` of a harmful row: 1 arguable, 2 clear, 3 grave; 0 elsewhere.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]{3}-[hbc]\d{2,3}$")]
    kind: Literal["harmful", "benign", "canary"]
    category: str
    subcategory: str = ""
    lang: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    intent: str = ""
    severity: Annotated[int, Field(ge=0, le=3)] = 0
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
        if (self.kind == "harmful") != bool(self.severity):
            raise ValueError("harmful rows have a severity of 1 to 3, others 0")
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
