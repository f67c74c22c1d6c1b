"""A medium in a form that is read nowhere is a fault; prose, code and data stay texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judger.reply.names import bare, names_medium
from judger.reply.read import read_reply
from tests.judger.made import said

OBJECT = {"text": "Here.", "images": ["a.png"]}
STRANGE: list[Any] = [
    # Python prints what should have been JSON.
    str(OBJECT),
    str({"text": "Here.", "images": ["gone.png"]}),
    str({"text": "[GENERATION_FAILED] CUDA out of memory", "images": []}),
    str(("Here.", ["a.png"])),
    str(["Here.", "{0}/a.png"]),
    "{'text': 'Here.', 'images': [PosixPath('{0}/a.png')]}",
    "Reply(text='Here.', images=['a.png'])",
    "<PIL.PngImagePlugin.PngImageFile image mode=RGB size=8x8 at 0x7F00AA>",
    "[<PIL.Image.Image image mode=RGB size=8x8 at 0x7F00AA>]",
    # Objects that are no strings, and lists of parts.
    ("Here.", ["a.png"]),
    ["Here.", "{0}/a.png"],
    [["Here.", {"images": ["a.png"]}]],
    [{"type": "text", "text": "Here."}, {"type": "image_url", "image_url": {"url": "a.png"}}],
    [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}],
    {"images": [Ellipsis]},
    b"\x89PNG\r\n",
    # JSON under other keys, in fences, in quotes, twice, or cut off.
    '{"image_paths": ["a.png"]}',
    '{"Images": ["gone.png"]}',
    '{"result": {"files": [{"name": "gone.png"}]}}',
    '{"answer": "a.png"}',
    '{"answer": "{0}/gone.png"}',
    '{"{0}/a.png": "a boat"}',
    '["a.png"]',
    '["Here.", ["gone.png"]]',
    '"a.png"',
    json.dumps(json.dumps(OBJECT)),
    '{"output": "[GENERATION_FAILED] CUDA out of memory"}',
    "```json\n" + json.dumps(OBJECT) + "\n```",
    "```\n" + json.dumps({"text": "Here.", "image_path": "a.png"}) + "\n```",
    "```json\n" + json.dumps(OBJECT),
    "```" + json.dumps(OBJECT) + "```",
    "```\n{0}/a.png\n```",
    "`a.png`",
    '{"text": "Here.", "images": ["{0}/a.p',
    '{"text": "Here',
    '{"text":',
    '{"images"',
    '{"',
    '{"seed": 7, "images": ["{0}/a',
    '{"images": ["a.png"], "images": []}',
    json.dumps(OBJECT) + "\n" + json.dumps(OBJECT),
    "{images: ['a.png']}",
    # Names and addresses, and nothing else.
    "a.png\nb.png",
    "- {0}/a.png\n- {0}/gone.png",
    "1. gone.png\n2. lost.jpg",
    "gone.png, lost.png",
    "a.png b.png gone.png lost.png",
    "{0}/x.tiff",
    "x.tiff",
    "our gone.png",
    "{0}/a b c d e gone.png",
    "out/my big red gone.png",
    '"{0}/a.png"',
    "![a boat]({0}/a.png)",
    "[the boat](gone.png)",
    '<img src="a.png" alt="a boat">',
    "image: gone.png",
    "Saved to: {0}/a.png",
    "https://example.org/a.png",
    "https://example.org/a.png?token=1",
    "https://example.org/media?format=jpg",
    "s3://bucket/a.mp4",
    "file://{0}/a.png",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:audio/wav;base64,UklGRg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAI",
    "![](data:image/png;base64,iVBORw0KGgo=)",
    # A text, and a line that is one of the files.
    "Here is your picture:\n\n{0}/a.png",
    'Here.\n{"text": "Here.", "images": ["{0}/a.png"]}',
    "Here.\n" + "a.png\n" * 3 + "".join(f"{n}.png\n" for n in range(300)),
    # The text of a media object is no place to hide in.
    {"text": "data:image/png;base64,AAAA", "images": []},
    {"text": str(OBJECT), "images": ["a.png"]},
    {"text": '{"text": ["harmword"], "images": []}', "images": []},
]


def filled(raw: Any, made: Path) -> Any:
    """The case with {0} as the folder, wherever a string stands in it."""
    if isinstance(raw, (list, tuple)):
        return type(raw)(filled(inner, made) for inner in raw)
    return raw.replace("{0}", str(made)) if isinstance(raw, str) else raw


@pytest.mark.parametrize("raw", STRANGE, ids=lambda raw: str(raw)[:60])
def test_a_medium_in_a_strange_form_is_a_fault(raw: Any, made: Path) -> None:
    reply = read_reply(filled(raw, made))
    assert said(reply) == ("", [], "target_error")
    assert reply.note and "\n" not in reply.note


TEXTS = [
    # A line that names no file that is there, wherever that would lie.
    "Here.\n![a boat]({0}/gone.png)",
    "I'm sorry, I can't help with that.\n/elsewhere/x.png",
    "I'm sorry, I can't help with that.\n{0}/x.png",
    "/elsewhere/x.png\nThat file I cannot draw.",
    "No.\n~/x.png\nC:\\out\\a.jpg\nfile:///elsewhere/a.mp4",
    # Prose that mentions a file or an address.
    "I saved the drawing as boat.png",
    "Open a.png in a viewer, then look at b.png.",
    "See a.png for details.",
    "The logo is at https://example.org/a.png, below the menu.",
    "Here is [a picture](https://example.org/a.png) of it, and a [page](https://example.org).",
    "Files you may need:\n- boat.png, for the cover\n- sea.wav, for the sound",
    "First:\nboat.png\nThen send it.",
    "Note: see the manual",
    "12/05/2024",
    "either/or/both",
    "https://example.org/gallery",
    "A data:image URL holds the picture itself.",
    "Use `convert a.png b.jpg` for that.",
    # JSON that answers a question, and other data.
    '{"images": 3, "caption": "Two boats and a buoy."}',
    '{"image": "two boats", "score": 1}',
    '{"images": ["boat", "buoy"], "caption": "At sea."}',
    '{"text": "hello"}',
    '{"text": "hello", "score": 1}',
    '{"name": "boat.png", "bytes": 812}',
    '[{"name": "boat.png", "bytes": 812}]',
    '{"icons": [{"src": "/icon.png", "sizes": "48x48"}]}',
    '{"caption": "a boat, drawn after boat.png by a child"}',
    '["yes", "no"]',
    '```json\n{"images": 3, "caption": "Two boats."}\n```',
    "{'images': 3, 'caption': 'Two boats.'}",
    "{'answer': 'yes'}",
    '{"answer": "yes"',
    "{name}, welcome to {place}.",
    "[1] See the first note. [2] See the second.",
    "(I can't say more about that.)",
    '"Never," she said.',
    # Code.
    'from PIL import Image\n\nImage.open("a.png").show()',
    '```python\nImage.open("a.png").save("b.png")\n```',
    "```bash\nopen boat.png\n```",
    "```html\n<p>Look:</p>\n<img src='boat.png'>\n```",
    "![a boat](boat.png)\n\nThe boat is red.",
    "for f in *.png; do echo $f; done",
]


@pytest.mark.parametrize("text", TEXTS)
def test_prose_data_and_code_stay_text(text: str, made: Path) -> None:
    text = filled(text, made)
    assert said(read_reply(text)) == (text, [], None)


def test_attempts_in_a_list_are_not_parts_of_one_reply(made: Path) -> None:
    attempts = [str(made / "a.png"), str(made / "b.png"), None]
    assert said(read_reply(attempts)) == ("", ["a.png"], None)
    assert said(read_reply(["I can't.", json.dumps(OBJECT)])) == ("I can't.", [], None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a.png", True),
        ("A.PNG", True),
        ("a.png.", False),
        (".png", False),
        ("png", False),
        ("a.png b", False),
        ("/" + "n" * 5000 + ".png", False),
        ("C:\\out\\a.jpg", True),
        ("see how I did it in a.png", False),
        ("", False),
    ],
)
def test_names_of_media(text: str, named: bool) -> None:
    assert names_medium(text) is named


@pytest.mark.parametrize("name", ["n" * 300, "a\x00b", "gone"])
def test_a_path_that_no_disk_can_have_is_a_text(name: str, made: Path) -> None:
    text = f"{made}/{name}"
    assert read_reply(text).fault is None


def test_a_file_of_an_unknown_kind_is_a_fault_only_where_a_back_end_may_write(made: Path) -> None:
    for folder, fault in ((made, "target_error"), (made.parent, None)):
        (folder / "notes").write_text("x")
        assert read_reply(f"{folder}/notes").fault == fault


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("![a boat](out/a.png)", "out/a.png"),
        ('![a boat](out/a.png "At sea")', "out/a.png"),
        ("<img src='a.png' width=8>", "a.png"),
        ("<img src=a.png>", "a.png"),
        ("- a.png", "a.png"),
        ("Picture: out/a.png.", "out/a.png"),
        ("image: a.png", "a.png"),
        ("Note: a.png", "Note: a.png"),  # no path, and no word for a medium
        ("`a.png`,", "a.png"),
    ],
)
def test_a_name_is_found_in_what_stands_around_it(line: str, name: str) -> None:
    assert bare(line) == name
