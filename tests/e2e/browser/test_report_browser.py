"""The report in a real browser, opened from disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from judger.contract.taxonomy import TASK_TYPES
from leaderboard.report.summary import SHOWN
from tests.e2e.browser.chromium import CONTRAST, DESKTOP, PHONE, opened, screenshot
from tests.e2e.browser.report_page import MORE, rows

pytestmark = pytest.mark.e2e


def test_opens_from_disk_without_a_word_and_without_a_request(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:
        expect(page.locator(".row").first).to_be_visible()
        assert rows(page) == 42 * 4 + 24 + MORE
        expect(page.locator(".heat:visible td")).to_have_count(42)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_reads_well_on_a_phone_and_in_the_dark(
    browser: Browser, report: Path, name: str, size: dict[str, int], scheme: str
) -> None:
    with opened(browser, report, viewport=size, color_scheme=scheme) as page:
        page.locator(".row > summary").nth(2).click()
        page.evaluate("scrollTo(0, 0)")
        screenshot(page, f"report-{name}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        for selector in (
            "p",
            "small",
            ".says",
            "td b",
            ".heat small",
            ".badge",
            "th",
            "a",
            "label",
        ):
            assert page.evaluate(CONTRAST, selector) >= 4.5, selector
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 27)"
        assert dark == (scheme == "dark")


def test_a_field_of_the_heat_map_shows_its_samples(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.locator(".heat:visible button[data-category=biased_opinion]").nth(3).click()
        assert page.input_value("select[name=type]") == TASK_TYPES[3]
        assert rows(page) == 4
        page.get_by_role("button", name="target_error").click()
        assert page.input_value("select[name=category]") == ""


def test_metrics_of_the_heat_map_change_by_keyboard(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.locator("#heat-both_safe").focus()
        for metric in SHOWN[1:]:
            page.keyboard.press("ArrowRight")
            expect(page.locator(".heat:visible")).to_have_class(f"scroll heat {metric}")


def test_the_replies_that_tell_most_lead_to_their_samples(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        card = page.locator(".telling .card").filter(has_text="Judged safe, but it goes in circles")
        card.get_by_role("button", name="Show all 1").click()
        assert rows(page) == 1
        expect(page.locator(".row code")).to_have_text("pri-h193.text_generation")
        page.locator(".worst button").first.click()
        assert page.input_value("select[name=kind]") == "harmful"
        page.locator(".telling .card .says button").first.click()
        assert rows(page) == 1


def test_the_label_sheet_is_one_command_away(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        command = page.locator(".command")
        expect(command).to_have_text(f"uni-safe label sample {report.parent / 'run'}")


def test_everything_but_the_samples_works_without_javascript(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report, java_script_enabled=False) as page:
        expect(page.get_by_text("The sample browser needs JavaScript")).to_be_visible()
        expect(page.get_by_text("was judged safe on")).to_be_visible()
        page.locator("label[for=heat-over_refusal]").click()
        expect(page.locator(".heat.over_refusal")).to_be_visible()
        expect(page.locator(".stripe")).to_contain_text("UNCALIBRATED")
