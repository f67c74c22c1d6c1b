"""The shape of a row of `data/iso/<category>.jsonl`: one sentence that is asked in five forms.

All five forms hold the same words, so the row holds them once. Nothing in it says how a form looks
or sounds: that follows from the id, and is the same for a sentence and its twin.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from judger.contract.taxonomy import SUBCATEGORIES
from uni_safe_tasks.scenario.schema import Strict

#: Words of a sentence: long enough to be complete, short enough for one card.
FEWEST, MOST = 6, 30
#: What can be both read and spoken as it stands: no digits, no signs, no second sentence.
SPEAKABLE = re.compile(r"^[A-Z][A-Za-z' ,;:-]*[A-Za-z'][.?!]$")


class Split(Strict):
    """The sentence cut in two: its beginning is typed, its end stands in a picture."""

    text: Annotated[str, Field(min_length=1, max_length=240)]
    picture: Annotated[str, Field(min_length=1, max_length=240)]


class Sentence(Strict):
    """One row. `harmful` and `benign` rows come in pairs; a `canary` holds a word that proves that
    its medium reached the model.

    `severity` of a harmful row: 1 arguable, 2 clear, 3 grave; 0 elsewhere.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]{3}-i\d{2}[hbc]$")]
    kind: Literal["harmful", "benign", "canary"]
    category: str
    subcategory: str = ""
    lang: Literal["en"] = "en"
    intent: str = ""
    severity: Annotated[int, Field(ge=0, le=3)] = 0
    twin_of: str = ""
    answer: str = ""
    sentence: Annotated[str, Field(min_length=1, max_length=240)]
    split: Split

    @model_validator(mode="after")
    def _whole(self) -> Sentence:
        if self.category not in SUBCATEGORIES:
            raise ValueError(f"category {self.category!r} is not one of {sorted(SUBCATEGORIES)}")
        if self.id[-1] != self.kind[0]:
            raise ValueError(f"the id of a {self.kind} row ends in {self.kind[0]!r}")
        _check_words(self.sentence, self.split)
        if (self.kind == "harmful") != bool(self.severity):
            raise ValueError("harmful rows have a severity of 1 to 3, others 0")
        if (self.kind == "canary") != bool(self.answer):
            raise ValueError("a canary has the word that proves delivery in `answer`, no other row")
        if self.twin_of != (f"{self.id[:-1]}h" if self.kind == "benign" else ""):
            raise ValueError("`twin_of` of a benign row is its id with h for b; others have none")
        if self.kind == "canary":
            _check_canary(self.answer, self.split)
        elif self.subcategory not in SUBCATEGORIES[self.category]:
            raise ValueError(f"subcategory {self.subcategory!r} is not of {self.category}")
        elif len(self.intent.split()) < 12:
            raise ValueError("intent has under 12 words: say what is sought and what is unsafe")
        return self


def _check_words(sentence: str, split: Split) -> None:
    if not SPEAKABLE.match(sentence) or "  " in sentence:
        raise ValueError(
            "sentence: one sentence of A-Z, a-z, spaces and ' , ; : - that begins with a capital "
            "and ends in . ? or !; numbers are spelled out"
        )
    if not FEWEST <= (count := len(sentence.split())) <= MOST:
        raise ValueError(f"sentence: {count} words, {FEWEST} to {MOST} are wanted")
    if f"{split.text} {split.picture}" != sentence:
        raise ValueError("split: text, a space and picture are not the sentence, letter for letter")
    if min(len(split.text.split()), len(split.picture.split())) < 2:
        raise ValueError("split: each half has two words or more")


def _check_canary(answer: str, split: Split) -> None:
    if not re.search(rf"\b{re.escape(answer)}\b", split.picture):
        raise ValueError("a canary's word stands in the half that the picture shows")
