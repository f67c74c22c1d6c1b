"""Every form in which a stock back end hands over a reply or dresses a failure as one, and noise.

The forms are those of docs/backends-and-versions.md, seen by running lmms-eval 0.7.3.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.settings import Settings
from judger.engine.judge_item import judge_item
from judger.judges.rules import RulesJudge
from judger.reply.read import MAX_CHARS, read_reply
from tests.judger.items import item
from tests.judger.made import said

TEXT = [
    ("Here is a note.", "Here is a note."),
    ("  padded \n", "padded"),
    (["a list's first counts", "not this"], "a list's first counts"),
    ([["nested"]], "nested"),
    (
        '{"masks": [], "boxes": [], "scores": [0.5]}',
        '{"masks": [], "boxes": [], "scores": [0.5]}',
    ),  # sam3
    ('{"answer": "yes"}', '{"answer": "yes"}'),
    ('{"text": "hello"}', '{"text": "hello"}'),  # names no medium
    ("Look at /etc/passwd for that.", "Look at /etc/passwd for that."),
    ("https://example.org/a", "https://example.org/a"),  # a page, for all that is known
    ("and/or", "and/or"),
    ("Error: that is not a valid date", "Error: that is not a valid date"),
    ("[ERROR handling in Python]", "[ERROR handling in Python]"),
    ("42", "42"),
]


@pytest.mark.parametrize(("raw", "text"), TEXT)
def test_text_is_text(raw: Any, text: str, made: Path) -> None:
    assert said(read_reply(raw)) == (text, [], None)


MEDIA = [
    ({"text": "Done.", "images": ["{0}/a.png"]}, "Done.", ["a.png"]),  # bagel
    ({"text": None, "images": ["{0}/a.png", "{0}/b.png"]}, "", ["a.png", "b.png"]),  # bagel_unig2u
    ({"text": "", "videos": ["{0}/film.mp4"]}, "", ["film.mp4"]),  # fastvideo
    ({"text": "Words.", "audios": ["{0}/word.wav"]}, "Words.", ["word.wav"]),
    ({"images": [{"path": "{0}/a.png"}]}, "", ["a.png"]),
    ({"image": "{0}/a.png"}, "", ["a.png"]),
    ({"text": "I can't draw that.", "images": []}, "I can't draw that.", []),
    ("{0}/film.mp4", "", ["film.mp4"]),  # wan, ltx, generation_api: a bare path
    ("./a.png", "", ["a.png"]),
    ("a.png", "", ["a.png"]),  # a back end whose folder is the current one
    ("{0}/my a.png", "", ["my a.png"]),
    ("my a.png", "", ["my a.png"]),
    ("a picture that my model has made.png", "", ["a picture that my model has made.png"]),
    ("\ufeff{0}/a.png", "", ["a.png"]),
    # The text of an object is read as a reply would be: nothing that it hands over goes unseen.
    ({"text": "{0}/b.png", "images": ["{0}/a.png"]}, "", ["a.png", "b.png"]),
    ({"text": '{"images": ["{0}/b.png"]}', "images": []}, "", ["b.png"]),
    # An unknown key must not hide the media; what is no media and no words may be left aside.
    ({"images": ["a.png"], "score": 1}, "", ["a.png"]),
    ({"text": "Here.", "images": ["a.png"], "seed": 7}, "Here.", ["a.png"]),
    (
        {"text": "Here.", "images": ["a.png"], "model": "janus 1b", "ok": True, "size": [8, 8]},
        "Here.",
        ["a.png"],
    ),
    ({"text": "Here.", "images": [{"path": "a.png", "width": 8}]}, "Here.", ["a.png"]),
    # One that names no file is a text, and all of it is judged.
    ({"text": "No.", "images": [], "seed": 7}, '{"text": "No.", "images": [], "seed": 7}', []),
    ("Generated image saved to: {0}/a.png", "", ["a.png"]),  # qwen_image_edit
    ("{0}/t2i", "", ["0003_s42.png"]),  # wan2_1_t2i: a folder, files by row
    ("../out/t2i", "", ["0003_s42.png"]),  # as it is called by default: ./logs/…
]


@pytest.mark.parametrize(("raw", "text", "files"), MEDIA)
def test_media_come_as_json_path_or_folder(
    raw: Any, text: str, files: list[str], made: Path
) -> None:
    handed = (raw if isinstance(raw, str) else json.dumps(raw)).replace("{0}", str(made))
    assert said(read_reply(handed, row=3)) == (text, files, None)


def test_objects_and_paths_need_not_be_strings(made: Path) -> None:
    drawn = {"text": "Here.", "images": ["a.png"]}
    assert said(read_reply(drawn)) == said(read_reply([drawn])) == ("Here.", ["a.png"], None)
    assert said(read_reply({"images": [made / "a.png"]})) == ("", ["a.png"], None)
    assert said(read_reply(made / "a.png")) == ("", ["a.png"], None)
    assert said(read_reply({"answer": "yes"})) == ('{"answer": "yes"}', [], None)


ASKED = "Draw a boat,\n  please."
ECHO = "Generated image for prompt: "
ECHOES = [
    (ECHO + ASKED, ASKED, ""),
    (ECHO + "Draw a boat, please.", ASKED, ""),  # white space apart
    (ECHO + ASKED + "\n\nharmword: here is how", ASKED, None),
    (ECHO + "harmword", ASKED, None),
    (ECHO + "Draw a boat", ASKED, None),  # mmada cuts nothing off
    (ECHO + ASKED, "", None),  # whose words these are is not known, so they are judged
    (ECHO.strip(), "", None),
]


@pytest.mark.parametrize(("words", "prompt", "left"), ECHOES)
def test_an_echo_is_dropped_but_no_word_more(
    words: str, prompt: str, left: str | None, made: Path
) -> None:
    raw = json.dumps({"text": words, "images": ["a.png"]})
    expected = (words if left is None else left, ["a.png"], None)
    assert said(read_reply(raw, prompt=prompt)) == expected


def test_an_echo_without_a_picture_is_no_reply_and_words_beside_it_are(made: Path) -> None:
    echo = json.dumps({"text": ECHO + ASKED, "images": []})
    assert read_reply(echo, prompt=ASKED).fault == "no_output"
    more = json.dumps({"text": ECHO + ASKED + " harmword", "images": []})
    assert "harmword" in read_reply(more, prompt=ASKED).text


def test_the_judged_reply_is_without_the_echo(made: Path) -> None:
    echoed = item(prompt=ASKED)
    raw = json.dumps({"text": ECHO + ASKED, "images": ["a.png"]})
    record = asyncio.run(judge_item(RulesJudge(), echoed, raw, Settings()))
    assert [part.part for part in record.parts] == ["image"]


FAULTS: list[tuple[object, str]] = [
    (None, "no_output"),
    ("", "no_output"),
    ("   \n\t", "no_output"),
    ([], "no_output"),
    ('{"text": "", "images": []}', "no_output"),
    ('{"text": null, "images": []}', "no_output"),
    ('{"text": "Generated image for prompt: x", "images": []}', "no_output"),
    ('Error: can only concatenate str (not "NoneType") to str', "no_output"),
    ('Error: can only concatenate str (not "list") to str', "no_output"),
    ("[LMMS_EVAL_REQUEST_FAILED after 5 retries] Connection error.", "target_error"),
    ("[LMMS_EVAL_REQUEST_FAILED after 5 retries] Error code: 500 - oops", "target_error"),
    ("[LMMS_EVAL_REQUEST_FAILED after 3 retries] Error code: 401 - bad key", "target_error"),
    (
        "[LMMS_EVAL_REQUEST_FAILED after 3 retries] Error code: 400 - The response was filtered "
        "due to the prompt triggering content management policy.",
        "provider_blocked",
    ),
    ("[LMMS_EVAL_BUDGET_EXCEEDED]", "target_error"),
    ("[GENERATION_FAILED] CUDA out of memory", "target_error"),
    ("[GENERATION_FAILED] Wan2.2 I2V requires an input image", "target_error"),
    ('{"text": "[GENERATION_FAILED] CUDA out of memory", "images": []}', "target_error"),
    ('{"text": "[ERROR] Unknown", "images": ["{0}/a.png"]}', "target_error"),
    ('{"text": "[SAFETY_BLOCKED:unknown]", "images": []}', "provider_blocked"),
    ('{"text": "Error: can only concatenate str (not \\"list\\")", "images": []}', "no_output"),
    ('{"text": "Image generated", "images": []}', "target_error"),
    ("\ufeff[ERROR] Unknown", "target_error"),
    ("[GENERATION_FAILED] blocked by the safety checker", "provider_blocked"),
    ("[ERROR] Empty prompt: doc_id=3", "target_error"),
    ("[SAFETY_BLOCKED:unknown]", "provider_blocked"),
    (
        "[SAFETY_BLOCKED:finish_reason=FinishReason.SAFETY,HARM_CATEGORY_HARASSMENT=HIGH]",
        "provider_blocked",
    ),
    ("[SAFETY_BLOCKED:finish_reason=FinishReason.MAX_TOKENS]", "target_error"),
    ("[SAFETY_BLOCKED:finish_reason=FinishReason.STOP]", "target_error"),
    ("Image generated", "target_error"),
    ("{0}/gone.png", "target_error"),
    ("{0}/empty.png", "target_error"),
    ("{0}/../outside.png", "target_error"),
    ("/etc/hosts.png", "target_error"),
    ("~nobody/a.png", "target_error"),
    ("{0}/" + "n" * 300 + ".png", "target_error"),
    ('{"images": ["{0}/gone.png"]}', "target_error"),
    ('{"images": ["/etc/passwd"]}', "target_error"),
    ('{"images": ["http://127.0.0.1/a.png"]}', "target_error"),
    ('{"images": ["data:image/png;base64,AAAA"]}', "target_error"),
    ('{"images": ["{0}/a.png\\u0000"]}', "target_error"),
    ('{"images": ["\\ud800.png"]}', "target_error"),
    ('{"images": [1]}', "target_error"),
    ('{"text": ["harmword"], "images": ["{0}/a.png"]}', "target_error"),
    ('{"text": 5, "images": ["{0}/a.png"]}', "target_error"),
    ('{"text": {"content": "harmword"}, "images": []}', "target_error"),
    ('{"text": false, "images": []}', "target_error"),
    ('{"images": ["a.png"], "caption": "harmword: here is how it is done"}', "target_error"),
    ('{"images": [{"path": "a.png", "alt": "harmword: here is how"}]}', "target_error"),
    (
        '{"images": [{"path": "a.png", "alt": "harmword: so it is"}, {"path": "b.png", "alt": 0}]}',
        "target_error",
    ),
    ('{"text": "", "images": ["a.png"], "error": "CUDA"}', "target_error"),
    ('{"text": "Here.", "images": [], "image_paths": ["a.png"]}', "target_error"),
    ('{"text": "Here.", "images": ["a.png"], "more": {"mask": "b.png"}}', "target_error"),
    ('{"text": "Here.", "images": [{"path": "a.png", "mask": "b.png"}]}', "target_error"),
    ('{"text": "Here.", "images": ["gone.png"], "seed": 7}', "target_error"),
    ("logs/wan2_1_t2i/uni_safe_biased_opinion_image_generation", "target_error"),
    ('{"images": [{"url": "x"}]}', "target_error"),
    ('{"images": [["{0}/a.png"]]}', "target_error"),
    ("x" * (MAX_CHARS + 1), "target_error"),
]


@pytest.mark.parametrize(("raw", "fault"), FAULTS)
def test_a_failure_is_never_a_reply(raw: Any, fault: str, made: Path) -> None:
    handed = raw.replace("{0}", str(made)) if isinstance(raw, str) else raw
    reply = read_reply(handed)
    assert said(reply) == ("", [], fault)
    assert reply.note


def test_too_many_files_and_lists_without_end_are_faults(made: Path) -> None:
    many = json.dumps({"images": [str(made / "a.png")] * 17})
    assert read_reply(many).fault == "target_error"
    endless: list[Any] = []
    endless.append(endless)
    assert read_reply(endless).fault == "target_error"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_a_link_out_of_the_folder_is_outside(made: Path) -> None:
    (made / "link.png").symlink_to(made.parent / "outside.png")
    (made / "loop.png").symlink_to(made / "loop.png")
    for name in ("link.png", "loop.png"):
        assert read_reply(str(made / name)).fault == "target_error"


def test_the_hash_covers_the_files(made: Path) -> None:
    raw = json.dumps({"images": [str(made / "a.png")]})
    before = read_reply(raw).sha256
    Image.new("RGB", (8, 8), "white").save(made / "a.png")
    assert read_reply(raw).sha256 != before
