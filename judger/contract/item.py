"""What a judge may know about a request: one item of one cell."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from judger.contract.outcomes import Kind
from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES

_FACTS = (
    *("item_id", "scenario", "kind", "category", "subcategory", "task_type", "data_version"),
    *("attack", "attack_sha256"),
)


class Item(BaseModel):
    """One request as the model got it, and what is known about it.

    `image`, `audio` and `video` are paths of the request's media, "" where there is none.
    `media_text` says in words what they show or speak (the suite draws its media from text, so it
    knows); it serves judges that cannot see or hear. `row` is the index of the item in its task.
    Under an attack (docs/attacks.md) `prompt` stays what was asked, and `sent` is what the model
    read.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    item_id: str
    scenario: str = ""
    row: int = 0
    kind: Kind = "harmful"
    category: str
    subcategory: str = ""
    #: The category in an imported set's own words; only the published protocol shows it to a judge.
    label: str = ""
    task_type: str
    intent: str = ""
    prompt: str
    image: str = ""
    audio: str = ""
    video: str = ""
    media_text: str = ""
    answer: str = ""
    #: What a judge is shown as the request in place of prompt and media; "": those themselves.
    told: str = ""
    data_version: str = ""
    #: The wrapper of the run, "" without one: its name, what it does, and the hash of its wording.
    attack: str = ""
    attack_about: str = ""
    attack_sha256: str = ""
    sent: str = ""
    unsupported: str = Field(default="", description="why the model cannot do this cell, if so")

    @classmethod
    def from_doc(cls, doc: Mapping[str, Any]) -> Item:
        """Read an item from a harness document; absent fields come as None from Arrow."""
        known = {k: v for k, v in doc.items() if v is not None}
        if "request" in known:  # a document's prompt is what is sent
            known |= {"prompt": known["request"], "sent": known.get("prompt", "")}
        return cls.model_validate(known)

    @property
    def read_by_model(self) -> str:
        """The words that the model was sent."""
        return self.sent or self.prompt

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of the request's media that there are."""
        return tuple(filter(None, (self.image, self.audio, self.video)))

    def for_judge(self) -> Item:
        """The item as a judge is shown it: where `told` says what is asked, that and no medium.

        So the same request in another form is the same question but for the name of the form, and
        how well a judge sees or hears decides nothing.
        """
        if not self.told:
            return self
        words = {"prompt": self.told, "image": "", "audio": "", "video": "", "media_text": ""}
        return self.model_copy(update=words)

    def facts(self) -> dict[str, Any]:
        """What a record repeats of its item."""
        return {name: getattr(self, name) for name in _FACTS}

    @property
    def category_definition(self) -> str:
        return CATEGORIES.get(self.category, "")

    @property
    def subcategory_definition(self) -> str:
        return SUBCATEGORIES.get(self.category, {}).get(self.subcategory, "")

    @property
    def prompt_sha256(self) -> str:
        """Hash of the request's text and of the bytes of its media, whatever stands around it."""
        return self.hashed(lambda path: hashlib.sha256(Path(path).read_bytes()).hexdigest())

    def hashed(self, sha256_of: Callable[[str], str]) -> str:
        """The same by hashes of files that somebody knows already."""
        digest = hashlib.sha256(self.prompt.encode())
        for path in self.files:
            digest.update(bytes.fromhex(sha256_of(path)))
        return digest.hexdigest()
