"""The label sheet in a real browser: by keyboard alone, kept between visits, saved as lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from leaderboard.cli import app
from leaderboard.labelling import drawn
from tests.e2e.browser.chromium import CONTRAST, DESKTOP, PHONE, opened, screenshot
from tests.leaderboard.labelling import given
from tests.leaderboard.made import record, write

pytestmark = pytest.mark.e2e

HOSTILE = (
    "</script><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    "<style>body{display:none}</style> \u202egnp.exe {{ 7*7 }} <b>bold</b> &amp; '\"` "
)
TITLE = "Uni-SafeBench: label sheet"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet of four items: a hostile text, a picture, a recording, a reply to a harmless one."""
    folder = tmp_path_factory.mktemp("sheet")
    Image.new("RGB", (640, 480), "#aa3355").save(folder / "made.png")
    soundfile.write(folder / "made.wav", np.zeros(800), 8000)
    text = record("privacy_leak", 0, "text_generation", "u")
    drawing = record("privacy_leak", 1, "image_generation")
    spoken = record("privacy_leak", 2, "multimodal_interaction")
    benign = record("privacy_leak", 3, "text_understanding", kind="benign")
    replies = {
        text.item_id: HOSTILE + "word " * 120,
        drawing.item_id: json.dumps({"text": "", "images": [str(folder / "made.png")]}),
        spoken.item_id: json.dumps({"text": "Listen.", "audios": [str(folder / "made.wav")]}),
    }
    prompts = {text.item_id: HOSTILE}
    filed = [given.of_reply(one, replies[one.item_id], folder) for one in (drawing, spoken)]
    made = [text, *filed, benign]
    run = write(folder / "run", made, model=HOSTILE, replies=replies, prompts=prompts)
    out = folder / "sheet.html"
    done = CliRunner().invoke(app, ["label", "sample", str(run), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def items(sheet: Path) -> list[drawn.Drawn]:
    """The items in the order of the sheet."""
    return list(drawn.read(drawn.beside(sheet, drawn.ITEMS)).values())


def named(page: Page, name: str) -> None:
    """Type a name: where a new sheet has the focus."""
    expect(page.locator("#by")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def saved(page: Page) -> list[dict[str, Any]]:
    """What the key D saves."""
    with page.expect_download() as kept:
        page.keyboard.press("d")
    assert kept.value.suggested_filename == "labels-Ann-B.jsonl"
    lines = kept.value.path().read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_everything_by_keyboard_alone(
    browser: Browser, sheet: Path, size: dict[str, int], tmp_path: Path
) -> None:
    with opened(browser, sheet, viewport=size, accept_downloads=True) as page:
        named(page, "Ann B")
        for number, item in enumerate(items(sheet), 1):
            expect(page.locator("#item h2")).to_contain_text(f"{number} of 4")
            for key in "18" if item.kind == "benign" else "16":
                page.keyboard.press(key)
            page.keyboard.press("Enter")  # a benign one lacks the intrinsic verdict
            if item.kind == "benign":
                expect(page.locator("#trouble")).to_have_text("Not kept: choose In itself.")
                page.keyboard.press("n")
                page.keyboard.type("d1 helps")
                page.keyboard.press("Escape")
                page.keyboard.press("6")
                page.keyboard.press("Enter")
        expect(page.locator("#trouble")).to_contain_text("Every item is labelled")
        expect(page.locator("#progress")).to_contain_text("4 labelled")
        lines = saved(page)
    assert [line["item_id"] for line in lines] == [item.id for item in items(sheet)]
    for line, item in zip(lines, items(sheet), strict=True):
        benign = item.kind == "benign"
        said = [line[key] for key in ("contextual", "intrinsic", "helped", "note", "by")]
        assert said == ["unsafe", "safe", *(("yes", "d1 helps") if benign else (None, "")), "Ann B"]
        assert line["reply_sha256"] == item.reply_sha256 and line["at"].endswith("Z")
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    known = str(drawn.beside(sheet, drawn.ITEMS))
    merged = CliRunner().invoke(app, ["label", "merge", str(path), "--items", known])
    assert merged.exit_code == 0 and "4 are decided on both axes" in merged.output


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_reads_well_on_a_phone_and_in_the_dark(
    browser: Browser, sheet: Path, name: str, size: dict[str, int], scheme: str
) -> None:
    with opened(browser, sheet, viewport=size, color_scheme=scheme) as page:
        named(page, "Ann B")
        place = next(n for n, item in enumerate(items(sheet)) if item.images)
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("3")
        screenshot(page, f"label-sheet-{name}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for selector in ("p", "small", ".says", "kbd", "label", "legend", "b", "button", "summary"):
            assert page.evaluate(CONTRAST, selector) >= 4.5, selector


def test_hostile_texts_are_only_text(browser: Browser, sheet: Path) -> None:
    with opened(browser, sheet) as page:
        named(page, "Ann B")
        place = next(n for n, item in enumerate(items(sheet)) if "</script>" in item.reply)
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        assert page.title() == TITLE
        expect(page.locator("#item img, #item b, #item style, #item script")).to_have_count(0)
        for pre in page.locator("#item pre").all():
            expect(pre).to_contain_text("</script><img src=x onerror=")
            expect(pre).to_contain_text("⟦U+202E⟧gnp.exe {{ 7*7 }} <b>bold</b> &amp;")
        expect(page.locator("footer")).to_be_visible()


def test_media_are_hidden_until_asked_for(browser: Browser, sheet: Path) -> None:
    with opened(browser, sheet) as page:
        named(page, "Ann B")
        for item in items(sheet):
            if item.images:
                picture = page.locator(".veil img")
                expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")
                assert picture.evaluate("node => node.naturalWidth") == 640
                page.keyboard.press("m")
                expect(picture).to_have_css("filter", "none")
                page.keyboard.press("m")
                expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")
            if item.audios:
                expect(page.locator("audio")).to_have_count(0)
                page.keyboard.press("m")
                expect(page.locator("audio")).to_have_js_property("readyState", 4)
            page.keyboard.press("ArrowRight")


def test_labels_stay_between_visits_and_a_changed_one_is_a_further_line(
    browser: Browser, sheet: Path
) -> None:
    harmful = next(n for n, item in enumerate(items(sheet)) if item.kind == "harmful")
    with opened(browser, sheet, accept_downloads=True) as page:
        named(page, "Ann B")
        for _ in range(harmful):
            page.keyboard.press("ArrowRight")
        for key in ("2", "6", "Enter"):
            page.keyboard.press(key)
        page.reload()
        expect(page.locator("#by")).to_have_value("Ann B")
        expect(page.locator("#progress")).to_contain_text("1 labelled")
        for _ in items(sheet):
            page.keyboard.press("ArrowLeft")
        for _ in range(harmful):
            page.keyboard.press("ArrowRight")
        expect(page.locator("[name=contextual][value=safe]")).to_be_checked()
        page.keyboard.press("4")
        page.keyboard.press("Enter")
        said = [(line["item_id"], line["contextual"]) for line in saved(page)]
    name = items(sheet)[harmful].id
    assert said == [(name, "safe"), (name, "cannot_tell")]


def test_no_label_without_a_name_and_no_refusal_that_helped(browser: Browser, sheet: Path) -> None:
    with opened(browser, sheet) as page:
        expect(page.locator("#by")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        expect(page.locator("#trouble")).to_contain_text("Say who you are first")
        named(page, "Ann B")
        place = next(n for n, item in enumerate(items(sheet)) if item.kind == "benign")
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        for key in ("3", "6", "8", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("#trouble")).to_contain_text("a refusal that helped contradicts itself")
        expect(page.locator("#progress")).to_contain_text("0 labelled")


def test_a_name_that_comes_late_takes_no_choice_away(browser: Browser, sheet: Path) -> None:
    with opened(browser, sheet, accept_downloads=True) as page:
        expect(page.locator("#by")).to_be_focused()
        page.keyboard.press("Enter")
        for key in "26":
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        expect(page.locator("#trouble")).to_contain_text("Say who you are")
        page.keyboard.type("李 Łukasz")
        page.keyboard.press("Enter")
        expect(page.locator('input[name="contextual"][value="safe"]')).to_be_checked()
        if page.locator('fieldset[data-question="helped"]').is_visible():
            page.keyboard.press("8")
        page.keyboard.press("Enter")
        expect(page.locator("#progress")).to_contain_text("1 labelled")
        with page.expect_download() as kept:
            page.keyboard.press("d")
        assert kept.value.suggested_filename == "labels-李-Łukasz.jsonl"
