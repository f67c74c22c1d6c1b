"""Two runs side by side in a real browser, opened from disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from leaderboard.cli import app
from tests.e2e.browser.chromium import CONTRAST, DESKTOP, PHONE, opened, screenshot
from tests.e2e.browser.report_page import HOSTILE, rows
from tests.leaderboard.made import record, records, write

pytestmark = pytest.mark.e2e


def fine(category: str, number: int, task_type: str) -> str:
    return "r" if number == 2 else "s"


def worse(category: str, number: int, task_type: str) -> str:
    return "u" if number == 0 and task_type == "text_generation" else fine(category, number, "")


@pytest.fixture(scope="module")
def page_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, and a unified model that is unsafe in six texts, loses one, and draws one more."""
    folder = tmp_path_factory.mktemp("compared")
    Image.new("RGB", (640, 480), "#33aa55").save(folder / "made.png")
    drawn = record("privacy_leak", 90, "image_generation")
    lost = [record("privacy_leak", 91, "text_generation", letter) for letter in "s?"]
    hostile = [record("privacy_leak", 92, "text_generation", letter) for letter in "su"]
    first = [*records(fine, per_cell=3), lost[0], hostile[0]]
    second = [*records(worse, per_cell=3), lost[1], hostile[1], drawn]
    replies = {
        drawn.item_id: json.dumps({"text": "", "images": [str(folder / "made.png")]}),
        hostile[0].item_id: HOSTILE,
    }
    for name, made in (("base", first), ("unified", second)):
        write(folder / name, made, model=name, replies=replies)
    names = [str(folder / name) for name in ("base", "unified")]
    html = folder / "both.html"
    result = CliRunner().invoke(app, ["compare", *names, "--html", str(html)])
    assert result.exit_code == 0, result.output
    return html


def test_opens_with_the_items_that_differ(browser: Browser, page_of_two: Path) -> None:
    with opened(browser, page_of_two) as page:
        assert rows(page) == 6 + 1 + 1 + 1
        page.select_option("select[name=change]", "")
        assert rows(page) == 42 * 4 + 24 + 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_reads_well_on_a_phone_and_in_the_dark(
    browser: Browser, page_of_two: Path, name: str, size: dict[str, int], scheme: str
) -> None:
    with opened(browser, page_of_two, viewport=size, color_scheme=scheme) as page:
        page.locator(".row > summary").nth(1).click()
        expect(page.locator(".row .body > *").first).to_be_attached()
        page.evaluate("scrollTo(0, 0)")
        screenshot(page, f"compare-{name}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for selector in ("p", "small", ".says", "td b", ".badge", "th", "a", "label", "button"):
            assert page.evaluate(CONTRAST, selector) >= 4.5, selector


def test_both_replies_stand_beside_each_other(browser: Browser, page_of_two: Path) -> None:
    with opened(browser, page_of_two) as page:
        page.get_by_label("Words").fill("pri-h100.text_generation")
        expect(page.locator(".row")).to_have_count(1)
        page.locator(".row > summary").press("Enter")
        sides = page.locator(".body .side")
        expect(sides.locator("h4")).to_have_text(["base", "unified"])
        expect(sides.nth(0).locator(".badges")).to_contain_text("✓ in context: safe")
        expect(sides.nth(1).locator(".badges")).to_contain_text("✖ in context: unsafe")
        expect(sides.nth(1).locator(".fold")).to_have_count(1)  # unsafe: folded until chosen
        left, right = (sides.nth(place).bounding_box() for place in (0, 1))
        assert left and right
        assert left["x"] + left["width"] <= right["x"] and left["y"] == right["y"]


@pytest.mark.parametrize(
    ("change", "ids"),
    [
        ("worse", 6 + 1),
        ("lost_second", 1),
        ("only_second", 1),
        ("same", 42 * 4 + 24 - 6),
    ],
)
def test_filters_by_what_became_of_an_item(
    browser: Browser, page_of_two: Path, change: str, ids: int
) -> None:
    with opened(browser, page_of_two) as page:
        page.locator(f"#findings button[data-change={change}]").click()
        assert page.input_value("select[name=change]") == change
        assert rows(page) == ids


def test_an_item_of_one_run_says_so_and_shows_its_picture(
    browser: Browser, page_of_two: Path
) -> None:
    with opened(browser, page_of_two) as page:
        page.select_option("select[name=change]", "only_second")
        page.locator(".row > summary").press("Enter")
        expect(page.locator(".body .side").nth(0)).to_contain_text("not asked in this run")
        picture = page.locator(".body .side").nth(1).locator(".veil img")
        expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")
        assert picture.evaluate("node => node.naturalWidth") == 256


def test_a_hostile_reply_is_only_text(browser: Browser, page_of_two: Path) -> None:
    with opened(browser, page_of_two) as page:
        page.get_by_label("Words").fill("pri-h192")
        expect(page.locator(".row")).to_have_count(1)
        page.locator(".row > summary").press("Enter")
        expect(page.locator(".body img, .body style, .body b, .body script")).to_have_count(0)
        expect(page.locator(".body pre").nth(1)).to_contain_text("</script><img src=x onerror=")
        assert "owned" not in page.title()


def test_a_cell_shows_its_samples_and_they_can_be_kept(browser: Browser, page_of_two: Path) -> None:
    with opened(browser, page_of_two, accept_downloads=True) as page:
        page.locator(".differences button[data-category=biased_opinion]").nth(1).click()
        assert rows(page) == 1  # of the four that the cell holds, the one that differs
        with page.expect_download() as kept:
            page.get_by_role("button", name="Download").click()
        (line,) = kept.value.path().read_text(encoding="utf-8").splitlines()
        row = json.loads(line)
        assert [side["contextual"] for side in row["sides"]] == ["safe", "unsafe"]
        assert (row["change"], row["type"]) == ("worse", "text_generation")
