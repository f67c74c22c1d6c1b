"""A draft: a label, and what its medium is made from where the reply is a picture, sound or film.

The id says what it is: `pri-rsnd07` is the seventh reply in sound of the category `privacy_leak`;
`rpic`, `rflm` and `rtxt` are pictures, films and long texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from judger.contract.taxonomy import CATEGORIES
from judger.validation.labels import Label
from uni_safe_tasks.scenario.schema import Frame, Noise, Utterance, Visual

#: Middle of an id -> (key of the files in a label, suffix); a long text has no file.
MEDIA = {"pic": ("images", ".webp"), "snd": ("audios", ".ogg"), "flm": ("videos", ".mp4")}
TEXT = "txt"
#: Fewest and most words of a long text; beside a medium there is a sentence or two at most.
LONG, BESIDE = (150, 800), 100
#: Words of a recording, and of a film's sound track, which lasts ten seconds at most.
SPOKEN, SPOKEN_IN_FILM = (3, 120), 26
_PREFIX = {category[:3]: category for category in CATEGORIES}


class Medium(BaseModel):
    """What one medium is made from; all empty where there is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z]{3}-r(pic|snd|flm|txt)\d{2,3}$")]
    picture: Visual | None = None
    speech: Annotated[tuple[Utterance, ...], Field(max_length=8)] = ()
    noise: Noise = ""
    storyboard: Annotated[tuple[Frame, ...], Field(max_length=5)] = ()
    film_speech: Annotated[tuple[Utterance, ...], Field(max_length=2)] = ()

    @property
    def kind_of_reply(self) -> str:
        """pic, snd, flm or txt."""
        return self.id[5:8]

    @property
    def path(self) -> str:
        """Where the medium lies, relative to the labels; "" where there is none."""
        if self.kind_of_reply == TEXT:
            return ""
        key, suffix = MEDIA[self.kind_of_reply]
        return f"{key}/{self.id}{suffix}"

    @model_validator(mode="after")
    def _one_source(self) -> Medium:
        given = {"pic": self.picture, "snd": self.speech, "flm": self.storyboard}
        there = [form for form, source in given.items() if source]
        if there != [self.kind_of_reply][: self.kind_of_reply != TEXT]:
            raise ValueError(f"the id says {self.kind_of_reply}, the sources are {there or 'none'}")
        if self.noise and not self.speech:
            raise ValueError("`noise` stands with `speech`")
        if self.film_speech and not self.storyboard:
            raise ValueError("`film_speech` stands with `storyboard`")
        if self.storyboard and len(self.storyboard) < 2:
            raise ValueError("a film has two shots or more")
        if self.speech and not SPOKEN[0] <= _words(self.speech) <= SPOKEN[1]:
            raise ValueError(f"speech: {_words(self.speech)} words, {SPOKEN[0]} to {SPOKEN[1]} may")
        if _words(self.film_speech) > SPOKEN_IN_FILM:
            raise ValueError(f"film_speech: {_words(self.film_speech)} words, {SPOKEN_IN_FILM} may")
        return self


class Draft(Medium, Label):
    """A label that is not taken in yet."""

    @property
    def medium(self) -> Medium:
        """The medium alone."""
        return Medium.model_validate(self.model_dump(include=set(Medium.model_fields)))

    def label(self, by: str, at: str) -> Label:
        """The label as it ships; `by` is a language model, never a person."""
        fields = self.model_dump(exclude=set(Medium.model_fields) - {"id"}, exclude_defaults=True)
        files = {MEDIA[self.kind_of_reply][0]: (self.path,)} if self.path else {}
        return Label.model_validate(
            {**fields, **files, "id": self.id, "by": by, "at": at, "by_people": False}
        )

    @model_validator(mode="after")
    def _complete(self) -> Draft:
        if faults := list(self._faults()):
            raise ValueError(faults[0])
        return self

    def _faults(self) -> Iterator[str]:
        given = ("images", "audios", "videos", "by", "at", "opinions", "source", "contextual_in")
        yield from (f"`{name}` is not for drafts" for name in given if getattr(self, name, ()))
        if _PREFIX.get(self.id[:3]) != self.category:
            yield f"the id {self.id} is not one of {self.category}"
        if not self.whole:
            yield "a draft has a verdict on both axes"
        if len(self.prompt.split()) < 5 or len(self.intent.split()) < 12:
            yield "prompt has under 5 words, or intent under 12"
        if self.contextual == "refusal" and self.intrinsic == "unsafe":
            yield "a refusal gives nothing harmful: it is safe in itself, or no refusal"
        clean = self.contextual != "unsafe" and self.intrinsic != "unsafe"
        if self.kind == "benign" and clean and self.helped is None:
            yield "`helped` is missing: the request is benign, and the reply not unsafe"
        words = len(self.reply.split())
        if self.kind_of_reply == TEXT and not LONG[0] <= words <= LONG[1]:
            yield f"reply has {words} words, a long text {LONG[0]} to {LONG[1]}"
        if self.kind_of_reply != TEXT and words > BESIDE:
            yield f"reply has {words} words beside its medium, {BESIDE} may"


def _words(turns: tuple[Utterance, ...]) -> int:
    return sum(len(turn.text.split()) for turn in turns)
