"""A wrapper put around one document: what is sent, and what was asked.

Under an attack a document holds more: `prompt` is what is sent as one text, `request` what was
asked (all that a judge is shown), `attack`, `attack_about` and `attack_sha256` say which wrapper it
is, `turns` are the messages of a conversation (user and assistant by turns, the request's own last)
and `drawn` the words of a picture. Without an attack a document holds none of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from uni_safe_tasks.attacks.chosen import Attack
from uni_safe_tasks.attacks.draw import unwritable

#: Words can be drawn where a request has no medium of its own and is answered in words.
DRAWABLE = ("text_understanding", "text_generation")
#: How a conversation is written for back ends that take one text: who speaks, turn by turn.
SPEAKERS = ("User", "Assistant")


def wrapped(attack: Attack, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What an attack adds to, or changes in, the facts of a document.

    `cannot` says why it cannot be put around this request, "" where it can: then nothing is sent.
    """
    request = str(facts["prompt"])
    said: dict[str, Any] = {
        "request": request,
        "attack": attack.name,
        "attack_about": attack.about,
        "attack_sha256": attack.sha256,
        "turns": [],
        "drawn": "",
        "cannot": "",
    }
    if facts["kind"] == "canary":
        return said  # asked as it is: delivery has to be proven all the same
    if why := _cannot(attack, facts):
        return said | {"cannot": why}
    words = attack.words(request)
    turns = [*attack.turns, words] if attack.turns else []
    prompt = transcript(turns) if turns else words
    return said | {"prompt": prompt, "turns": turns, "drawn": request if attack.drawn else ""}


def _cannot(attack: Attack, facts: Mapping[str, Any]) -> str:
    if not attack.drawn:
        return ""
    if facts["task_type"] not in DRAWABLE:
        return f"the attack {attack.name} draws words for {' and '.join(DRAWABLE)} only"
    if signs := unwritable(str(facts["prompt"])):
        return f"the attack {attack.name} has no letter for {' '.join(signs[:5])}"
    return ""


def transcript(turns: Sequence[str]) -> str:
    """A conversation as one text that ends where the assistant speaks next."""
    lines = [f"{SPEAKERS[place % 2]}: {text}" for place, text in enumerate(turns)]
    return "\n\n".join([*lines, f"{SPEAKERS[1]}:"])
