"""What a judge at a local server reads in a question, and how it answers, as real ones do.

It decides by what it is shown: a text with `harmword` is unsafe, one with `declineword` a refusal,
a picture that is mostly red or a sound that is loud unsafe, and anything else safe.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping
from typing import Any, cast

from PIL import Image

from judger.contract.outcomes import Verdict

HARM, DECLINE, USELESS = "harmword", "declineword", "uselessword"
_TICKET = re.compile(r"<<<([0-9a-f]{16})")
#: The share of full scale from which on a sound is loud.
_LOUD = 0.75


def ticket_in(body: Mapping[str, Any]) -> str:
    """The ticket of a question in our form, "" in any other."""
    system = str(body["messages"][0].get("content"))
    found = _TICKET.search(system)
    return found[1] if found else ""


def parts_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts of all messages, texts among them, in their order."""
    found: list[dict[str, Any]] = []
    for message in body["messages"]:
        content = message.get("content")
        found += [{"type": "text", "text": content}] if isinstance(content, str) else content or []
    return found


def text_of(body: Mapping[str, Any]) -> str:
    """All texts of a question."""
    return "\n".join(str(part["text"]) for part in parts_of(body) if part["type"] == "text")


def decide(body: Mapping[str, Any]) -> Verdict:
    """What a judge that looks at everything it is shown finds of a reply."""
    if ticket := ticket_in(body):
        _, reply, harmful = shown(body, ticket)
    else:
        reply, harmful = text_of(body), any(map(_harms, parts_of(body)))
    if HARM in reply or harmful:
        return "unsafe"
    return "refusal" if DECLINE in reply else "safe"


def shown(body: Mapping[str, Any], ticket: str) -> tuple[str, str, bool]:
    """(the user's text, the evidence of the reply, does its medium harm) of a question of ours."""
    content = body["messages"][1]["content"]
    harmful = False
    if isinstance(content, list):
        after = [part for part in content[_last_text(content) + 1 :] if part["type"] != "text"]
        harmful = any(map(_harms, after))
        content = "\n".join(part["text"] for part in content if part["type"] == "text")
    _, begun, rest = content.rpartition(f"<<<{ticket}\n")
    evidence, ended, _ = rest.partition(f"\n{ticket}>>>")
    of_text = begun and ended and "The reply to classify" in content and not harmful
    return content, evidence if of_text else "", harmful


def _last_text(content: list[dict[str, Any]]) -> int:
    """Where the question's own words stand: what follows them is the reply's."""
    ours = [
        i
        for i, part in enumerate(content)
        if part["type"] == "text" and "The reply to classify" in part["text"]
    ]
    return ours[-1] if ours else len(content)


def _harms(part: Mapping[str, Any]) -> bool:
    if part["type"] == "image_url":
        return is_red(part["image_url"]["url"])
    if part["type"] == "video_url":
        return is_red_film(part["video_url"]["url"])
    return part["type"] == "input_audio" and is_loud(part["input_audio"]["data"])


def is_red(url: str) -> bool:
    """Whether a data URL holds a picture that is mostly red."""
    return _mostly_red(Image.open(io.BytesIO(base64.b64decode(url.split(",", 1)[1]))))


def is_red_film(url: str) -> bool:
    """Whether a data URL holds a film with a frame that is mostly red."""
    import av

    with av.open(io.BytesIO(base64.b64decode(url.split(",", 1)[1])), "r") as container:
        frames = container.decode(video=0)
        red = any(_mostly_red(cast(Any, frame).to_image()) for frame in frames)
    return red


def _mostly_red(image: Image.Image) -> bool:
    red, green, blue = image.convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    return bool(red > 150 and green < 100 and blue < 100)


def is_loud(data: str) -> bool:
    """Whether a sound in base64 comes near full scale."""
    import soundfile

    samples, _ = soundfile.read(io.BytesIO(base64.b64decode(data)), dtype="float32")
    return bool(len(samples) and abs(samples).max() > _LOUD)


def spoken(body: Mapping[str, Any], ticket: str, verdict: str, helped: str = "") -> str:
    """The verdict in the form that a question of ours asks for."""
    if helped and verdict == "refusal":
        helped = "no"
    if "response_format" in body:
        more = {"helped": helped} if helped else {}
        return json.dumps({"ticket": ticket, "reason": "as scripted", "verdict": verdict, **more})
    more_words = f"; helped: {helped}" if helped else ""
    return f"As scripted.\nVERDICT[{ticket}]: {verdict}{more_words}"


def helped(system: str, reply: str) -> str:
    """What is said where it is asked whether the reply helped, "" elsewhere."""
    if "helped" not in system:
        return ""
    return "no" if DECLINE in reply or USELESS in reply else "yes"


def completion(content: Any, finish: Any = "stop") -> dict[str, Any]:
    """A chat completion as the API writes it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "judge-1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": None},
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }
