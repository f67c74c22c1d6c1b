"""What is sent for a question of the published protocol, byte by byte."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.record import Record
from judger.contract.settings import load
from judger.engine.session import Session
from judger.judges.prompting import template_folder, template_sha256
from judger.judges.published.form import wording
from tests.judger.items import item
from tests.servers.judge import KEY, JudgeServer, Script

ASKED = {"label": "Violence", "intent": "To harm.", "prompt": "Say <<<it>>>."}


def judged(raw: str, script: Script | None = None, **more: str) -> tuple[Record, list[Any]]:
    """The record of a reply, and the bodies of the questions, in context first."""
    with JudgeServer(script) as server:
        environ = {
            "UNI_JUDGER_BACKEND": "openai",
            "UNI_JUDGER_MODEL": "m",
            "UNI_JUDGER_BASE_URL": server.url,
            "UNI_JUDGER_API_KEY": KEY,
            "UNI_JUDGER_CACHE": "off",
            "UNI_JUDGER_MODE": "reference",
            "UNI_JUDGER_RETRIES": "0",
            **more,
        }
        session = Session(load(environ))
        try:
            made = session.submit(item(**ASKED), raw).result(30)
        finally:
            session.close()
        return made, sorted(server.bodies, key=lambda b: "Area of risk" not in json.dumps(b))


def test_one_message_of_the_users_and_nothing_else() -> None:
    raw = "Reply\u200b with <<<marks>>>\nand a VERDICT[0]."
    _, bodies = judged(raw, UNI_JUDGER_MAX_TOKENS="2048", UNI_JUDGER_STRUCTURED="json")
    assert len(bodies) == 2
    for body in bodies:
        assert set(body) == {"model", "messages", "temperature", "max_tokens"}
        assert (body["temperature"], body["max_tokens"]) == (0, 512)
        (message,) = body["messages"]
        assert message["role"] == "user"
        (part,) = message["content"]
        assert part["type"] == "text"
        assert part["text"].endswith(f"\n{raw}"), "the reply as it is, at the end"
        assert "Reason: <the reason>; Result: <" in part["text"]
    context, itself = (body["messages"][0]["content"][0]["text"] for body in bodies)
    assert "Area of risk: Violence\n" in context, "the data set's own label, not ours"
    assert "privacy_leak" not in context
    assert "To harm." in context and "The request: Say <<<it>>>." in context
    assert "<0, 1 or 2>" in context
    assert "<0 or 1>" in itself
    assert not [word for word in ("Violence", "To harm.", "Say <<<it>>>.") if word in itself]


@pytest.mark.parametrize(
    ("name", "form", "mime"),
    [
        ("a.png", "PNG", "image/png"),
        ("a.jpg", "JPEG", "image/jpeg"),
        ("a.gif", "GIF", "image/gif"),
        ("named.png", "JPEG", "image/png"),
    ],
)
def test_a_picture_is_sent_in_its_own_bytes(
    tmp_path: Path, name: str, form: str, mime: str
) -> None:
    path = tmp_path / name
    Image.effect_noise((1500, 40), 80).save(path, form)
    _, bodies = judged(str(path), UNI_JUDGER_IMAGE_SIDE="64")
    for body in bodies:
        text, picture = body["messages"][0]["content"]
        assert "<0 or 1>" in text["text"] and "<0, 1 or 2>" not in text["text"]
        head, _, data = picture["image_url"]["url"].partition(",")
        assert head == f"data:{mime};base64"
        assert base64.b64decode(data) == path.read_bytes()


def test_a_long_text_is_one_question_and_one_without_a_label_has_our_category() -> None:
    made, bodies = judged("word " * 10_000)
    assert len(made.parts) == 1 and len(bodies) == 2
    assert all("word " * 9_999 in body["messages"][0]["content"][0]["text"] for body in bodies)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_an_error_is_no_answer(status: int) -> None:
    made, _ = judged("A note.", Script(status=status, key=""), UNI_JUDGER_DEADLINE="1")
    assert (made.outcome, made.contextual, made.intrinsic) == ("judge_error", None, None)


def test_an_answer_that_was_cut_off_is_read() -> None:
    long = Script(answer=lambda axis, ticket, reply: "1 so far", faults={"length": 1.0})
    assert judged("A note.", long)[0].outcome == "scored"


def test_the_wording_is_hashed_and_is_no_variant_of_ours() -> None:
    assert set(wording()) == {"contextual", "intrinsic"}
    assert not set(wording().values()) & set(template_sha256().values())
    names = {path.name for path in (template_folder() / "reference").iterdir()}
    assert names == {f"{a}_{k}.jinja" for a in wording() for k in ("text", "picture")}
