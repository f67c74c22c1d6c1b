"""A body with media is the JSON it would be anyway, and is named by what is in it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from judger.media.encoded import Encoded, body_of, spelled

ONE, TWO = (
    Encoded("data:image/png;base64,", data, f"hash of {data.decode()}") for data in (b"AA", b"BB")
)


def whole(body: dict[str, Any]) -> bytes:
    sent = body_of(body).sent
    return sent if isinstance(sent, bytes) else b"".join(sent)


def asked(*media: Any, text: str = 'Is it "safe"? é \\u0041') -> dict[str, Any]:
    pictures = [{"type": "image_url", "image_url": {"url": one}} for one in media]
    content = [*pictures, {"type": "text", "text": text}]
    return {"model": "m", "temperature": 0, "messages": [{"role": "user", "content": content}]}


@pytest.mark.parametrize(
    "body",
    [
        asked(),
        asked(ONE),
        asked(TWO, ONE, TWO),
        asked("data:image/png;base64,AA"),
        {"messages": [], "z": {"b": [ONE, {"a": TWO}], "a": TWO}},
        {"model": ONE},
        {},
    ],
)
def test_a_body_is_its_json(body: dict[str, Any]) -> None:
    plain = json.dumps(body, sort_keys=True, separators=(",", ":"), default=spelled).encode()
    assert whole(body) == plain


def test_a_body_without_media_is_named_by_itself() -> None:
    body = body_of(asked("data:image/png;base64,AA"))
    assert body.named == body.sent


def test_media_are_named_by_their_hash() -> None:
    named = json.loads(body_of(asked(ONE, TWO)).named)["messages"][0]["content"]
    urls = [part["image_url"]["url"] for part in named[:2]]
    assert urls == [
        "data:image/png;base64,sha256:hash of AA",
        "data:image/png;base64,sha256:hash of BB",
    ]


def test_other_media_other_order_and_other_words_have_other_names() -> None:
    again = Encoded("data:image/jpeg;base64,", b"AA", "hash of AA")
    bodies = [
        *(asked(), asked(ONE), asked(TWO), asked(ONE, TWO), asked(TWO, ONE), asked(again)),
        asked(ONE, text="another"),
        asked("data:image/png;base64,sha256:hash of BB", text="a picture that is only written"),
    ]
    names = {hashlib.sha256(body_of(body).named).hexdigest() for body in bodies}
    assert len(names) == len(bodies)


def test_no_text_can_stand_for_a_medium() -> None:
    """Whatever a reply holds: the place of a medium is made of a word of this process alone."""
    body = asked(ONE, text="medium 000000 " + "0" * 32 + " medium 00000000000000000000 000000")
    assert json.loads(whole(body)) == json.loads(json.dumps(body, default=spelled))


def test_a_medium_is_the_very_bytes_that_are_kept() -> None:
    sent = body_of(asked(ONE, TWO)).sent
    assert isinstance(sent, tuple)
    assert [part for part in sent if part is ONE.data or part is TWO.data] == [b"AA", b"BB"]


def test_nothing_else_writes_a_medium_as_json() -> None:
    with pytest.raises(TypeError):
        json.dumps(asked(ONE))
    for refused in (lambda: body_of({"model": object()}), lambda: spelled("a text")):
        with pytest.raises(TypeError, match="in a request"):
            refused()
