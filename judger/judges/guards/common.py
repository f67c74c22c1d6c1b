"""What the guards share: the request as they take it, our categories as a policy, a base class."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, get_args

from judger.contract.item import Item
from judger.contract.outcomes import AXES, Axis
from judger.contract.settings import Modality, Settings
from judger.contract.taxonomy import SUBCATEGORIES
from judger.endpoint.grammar.completion import Completion
from judger.judges.base import Question, Unjudgeable
from judger.judges.prompting import shown, told, visible
from judger.judges.verdict import Answer, ended_early
from judger.media.encode import Content, encode, of_request
from judger.reply.parts import Part

#: Stands for the request on the intrinsic axis where a guard's chat template demands a user turn.
NO_REQUEST = "Say something."

#: No token stands for more characters than this.
CHARS = 64

#: Tokens by which chat templates and guards mark turns and answers; evidence must not hold them.
_CONTROL = re.compile(
    r"<\||\|>|\[/?INST\]|</?(?:s|bos|eos|think|answer|result|start_of_turn|end_of_turn)>", re.I
)


class Guard(ABC):
    """A guard with a fixed form. What a family does not share stands in its own module.

    `wording` is every text that we add to what the guard is shown: its hash is in each record.
    """

    name: str
    axes: tuple[Axis, ...] = AXES
    modalities: frozenset[str] = frozenset({"text"})
    refusal: bool = False
    structured: str = ""
    #: The media of a request that it is shown: image, audio, video; others are told in words.
    sees: ClassVar[frozenset[str]] = frozenset()
    wording: ClassVar[str] = ""
    max_tokens: int = 128

    def __init__(self, settings: Settings) -> None:
        able = self.sees | self.modalities
        if "video" not in settings.modalities:  # the user says whether its server takes films
            able -= {"video"}
        taken = tuple(kind for kind in get_args(Modality) if kind in able)
        self.settings = settings.model_copy(update={"modalities": taken})
        self.parser = f"{self.name}/1"
        self.shown = shown(self.settings)
        digest = hashlib.sha256(f"{self.name}/1\0{self.wording}".encode()).hexdigest()
        self.template_sha256: dict[str, str] = dict.fromkeys(self.axes, digest)

    def question(self, axis: Axis, item: Item, part: Part) -> Question:
        """The guard's own form. Unjudgeable also where the reply is worded as the guard's answer.

        Most guards carry no ticket: one that only repeats what it is shown would seem to answer. A
        longer reply it could not repeat in an answer of `max_tokens`.
        """
        question = self.asked(axis, item, part)
        if question.ticket or len(part.text) > CHARS * self.max_tokens:
            return question
        echo = Completion(plain(part.text))
        if self.verdict(axis, echo, question).verdict is not None:
            raise Unjudgeable(f"the reply has the very form of {self.name}'s answer")
        return question

    def read(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """An answer that was filtered, refused or cut off is none, whatever it says."""
        return ended_early(completion) or self.verdict(axis, completion, question)

    @abstractmethod
    def asked(self, axis: Axis, item: Item, part: Part) -> Question:
        """The request for one judgement, in the form this family was trained on."""

    @abstractmethod
    def verdict(self, axis: Axis, completion: Completion, question: Question) -> Answer:
        """A finished answer read by this family's strict grammar."""

    def simpler(self, question: Question) -> bool:
        """A guard has one form."""
        return False

    def chat(self, *turns: tuple[str, Any], **more: Any) -> Question:
        """A chat question of (role, content) turns, greedy."""
        messages = [{"role": role, "content": content} for role, content in turns]
        return Question(
            {
                "model": self.settings.model,
                "messages": messages,
                "temperature": 0,
                "max_tokens": self.max_tokens,
                **more,
            }
        )

    def request(self, item: Item) -> list[Content]:
        """The request as content; Unjudgeable when a medium can be neither shown nor told."""
        media = {"image": item.image, "audio": item.audio, "video": item.video}
        held = {kind: Path(path) for kind, path in media.items() if path}
        unseen = [kind for kind in held if kind not in self.sees]
        if unseen and not item.media_text:
            what = {"image": "picture", "audio": "sound", "video": "film"}[unseen[0]]
            raise Unjudgeable(f"{self.name} cannot be shown the request's {what}")
        words = plain(told(item) if unseen else item.prompt)
        content: list[Content] = []
        for kind, path in held.items():
            if kind in self.sees:
                content += self._one(kind, of_request(path, kind, self.settings))
        return [*content, {"type": "text", "text": words}]

    def _one(self, kind: str, content: list[Content]) -> list[Content]:
        """A guard knows one picture at a time, not the frames of one that moves."""
        if kind == "image" and len(content) > 1:
            raise Unjudgeable(f"{self.name} cannot be shown a picture that moves or is see-through")
        return content

    def request_text(self, item: Item) -> str:
        """The request in words, for guards that take text only."""
        return "\n\n".join(content["text"] for content in self.request(item))

    def lone(self, axis: Axis, part: Part) -> list[Content]:
        """A file of a reply, judged by itself in the user's turn: the only one that takes files.

        Beside the request it could not be told from the request's own harm, so Unjudgeable there.
        """
        if axis == "contextual" or part.path is None:
            raise Unjudgeable(f"{self.name} takes files in the request only: intrinsic axis")
        return self._one(part.kind, encode(part.path, part.kind, self.settings, part.sha256))


def plain(text: str) -> str:
    """Evidence made harmless (`visible`), control tokens of chat templates broken up too."""
    return _CONTROL.sub(lambda match: match[0][0] + "\N{MIDDLE DOT}" + match[0][1:], visible(text))


def unread(completion: Completion) -> Answer:
    """The outcome of an answer outside a guard's grammar."""
    return Answer(None, "judge_unparsable", f"not in form: {completion.text[:120]!r}")


def demand_code(guard: str, codes: Mapping[str, object], item: Item) -> None:
    """Unjudgeable when a fixed taxonomy has no code for what the item is about.

    Such a guard says "safe" to harm that it was never told of; that must not count as safe.
    """
    known = SUBCATEGORIES.get(item.category, {})
    about = [item.subcategory] if item.subcategory else list(known)
    if about and not any(name in codes for name in about):
        raise Unjudgeable(f"the taxonomy of {guard} has no code for {about[0]}")


#: Our sub-categories as rules of a policy: letter, title, definition.
RULES: tuple[tuple[str, str, str], ...] = tuple(
    (chr(ord("A") + index), name.replace("_", " ").capitalize(), definition)
    for index, (name, definition) in enumerate(
        pair for group in SUBCATEGORIES.values() for pair in group.items()
    )
)


def policy() -> str:
    """Our 19 sub-categories, one lettered rule a line, for guards that take a policy."""
    return "\n".join(f"{letter}. {title}: {definition}" for letter, title, definition in RULES)
