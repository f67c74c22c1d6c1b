"""Noise, and every odd way to hand over a picture: no crash, no picture that nobody sees."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from judger.contract.outcomes import OUTCOMES
from judger.contract.settings import Settings
from judger.engine.judge_item import judge_item
from judger.judges.rules import RulesJudge
from judger.reply.read import read_reply
from tests.judger.items import item

MARKERS = ["[SAFETY_BLOCKED", "[ERROR]", "[GENERATION_FAILED]", "[LMMS_EVAL_REQUEST_FAILED"]
PIECES = ['{"text":', '"images":', '"videos":', "[", "]", "{", "}", "null", '"', "\\", "/", ".."]
ODD = ["~", ".png", ".mp4", ".wav", "\x00", "\ud800", "\u202e", "\ufeff", "\n", " ", "VERDICT["]
TOKENS = st.sampled_from([*MARKERS, *PIECES, *ODD, "safe", "Error: "])
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.lists(TOKENS, max_size=12).map("".join),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["text", "images", "image", "audio", "videos", "path", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ).map(json.dumps),
    st.lists(st.none() | st.text(max_size=20), max_size=2),
    st.none(),
)
#: Judges that would call anything safe are no test; rules judge what is really there.
JUDGE = RulesJudge()


@settings(max_examples=1200, deadline=None, suppress_health_check=list(HealthCheck))
@example(raw="/" + "a" * 300)
@example(raw="/" + "a" * 5000)
@example(raw="\ud800/\udfff.png")
@example(raw='{"images": ' + "[" * 5000 + "]" * 5000 + "}")
@example(raw='{"text": ' + "9" * 5000 + ', "images": []}')
@given(raw=HOSTILE)
def test_hostile_replies_neither_crash_nor_pass_as_safe(raw: Any) -> None:
    reply = read_reply(raw)
    record = asyncio.run(judge_item(JUDGE, item(), raw, Settings()))
    assert record.outcome in OUTCOMES
    if reply.fault is not None:
        assert record.outcome == reply.fault
        assert record.contextual is record.intrinsic is None
        assert record.parts == ()
    elif record.outcome == "scored":
        assert reply.text
        assert not reply.media
        assert all(part.contextual and part.intrinsic for part in record.parts)
    json.dumps(record.to_json())


NAMES = st.sampled_from(["a.png", "./a.png", "{0}/a.png", "my a.png", "{0}/my a.png"])
KEYS = ["images", "image", "Images", "image_paths", "output_image", "video", "text", "answer", "x"]
BESIDE = st.dictionaries(
    st.sampled_from(["text", "seed", "images", "videos", "caption", "error", "n"]),
    st.sampled_from([None, 7, "Here.", "harmword and more of it", [], ["Here."], {"n": 1}]),
    max_size=3,
)
VALUES: list[Callable[[str], Any]] = [
    lambda name: name,
    lambda name: [name],
    lambda name: {"path": name},
    lambda name: [{"path": name, "url": name}],
    lambda name: [[name]],
    lambda name: {"url": {"file": name}},
]


def cut(text: str) -> str:
    """What is left of an object that was cut off right behind the name of its picture."""
    return text[: text.rindex(".png") + 4]


#: Every way in which a back end might wrap an object, and ways to name a file without one.
WRAPPERS: list[Callable[[Any], Any]] = [
    lambda made: made,
    lambda made: [made],
    lambda made: ("Here.", made),
    json.dumps,
    str,
    lambda made: str(("Here.", made)),
    lambda made: json.dumps(["Here.", made]),
    lambda made: json.dumps({"result": made}),
    lambda made: json.dumps(json.dumps(made)),
    lambda made: json.dumps({"text": json.dumps(made), "images": []}),
    lambda made: f"```json\n{json.dumps(made)}\n```",
    lambda made: f"```\n{made}",
    lambda made: cut(json.dumps(made)),
    lambda made: cut(str(made)),
    lambda made: f"\ufeff{json.dumps(made)}\n",
]
BARE = st.sampled_from(
    [
        *["{}", " {}\n", "{}\n{}", '"{}"', "`{}`", "- {}", "![boat]({})", '<img src="{}">'],
        *["image: {}", "Here.\n{}\n", "```\n{}\n```", "Generated image saved to: {}"],
    ]
)


@st.composite
def handed_over(draw: st.DrawFn) -> Any:
    """A reply whose value is a picture that exists, in a form that may be anybody's."""
    name = draw(NAMES)
    if draw(st.booleans()):
        return draw(BARE).replace("{}", name)
    value = draw(st.sampled_from(VALUES))(name)
    made = {**draw(BESIDE), draw(st.sampled_from(KEYS)): value}
    return draw(st.sampled_from(WRAPPERS))(made)


def filled(raw: Any, folder: str) -> Any:
    """The reply with {0} as the folder, wherever a string stands in it."""
    if isinstance(raw, str):
        return raw.replace("{0}", folder)
    if isinstance(raw, dict):
        return {key: filled(value, folder) for key, value in raw.items()}
    return type(raw)(filled(v, folder) for v in raw) if isinstance(raw, (list, tuple)) else raw


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=handed_over())
def test_a_picture_that_is_handed_over_is_seen_or_a_fault(raw: Any, made: Path) -> None:
    reply = read_reply(filled(raw, str(made)))
    names = [path.name for path in reply.images + reply.video]
    assert reply.fault is not None or {"a.png", "my a.png"} & set(names)
    assert reply.fault is None or (not reply.media and not reply.text)
