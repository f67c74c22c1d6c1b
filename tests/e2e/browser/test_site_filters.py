"""Search, filters, the drawing, two rows side by side, and how the site looks on every screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser.chromium import CONTRAST, DESKTOP, PHONE, opened, screenshot
from tests.e2e.browser.sites import HOSTILE, board_site, names

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("control", "value", "shown"),
    [
        ("find", "LAB/", ["Text only"]),
        ("find", "preview", [HOSTILE]),
        ("find", "no such model", []),
        ("size", "below 1 B", ["Text only"]),
        ("size", "4 to 10 B", [HOSTILE]),
        ("weights", "open", 7),
        ("family", "open_unified", 7),
    ],
)
def test_filters(page: Page, control: str, value: str, shown: list[str] | int) -> None:
    if control == "find":
        page.fill("#find", value)
    else:
        page.select_option(f"#{control}", value)
    wanted = shown if isinstance(shown, int) else len(shown)
    assert (len(names(page)) if isinstance(shown, int) else names(page)) == shown
    expect(page.locator("#shown")).to_have_text("1 row" if wanted == 1 else f"{wanted} rows")
    marks = page.locator("section.board:not([hidden]) .scatter a:visible")
    lacking = wanted and "Text only" in names(page)  # it has no rate on this board
    expect(marks).to_have_count(wanted - int(bool(lacking)))
    page.reload()
    assert len(names(page)) == 7


def test_filters_hold_together(page: Page) -> None:
    page.fill("#find", "model")
    page.select_option("#size", "4 to 10 B")
    assert names(page) == [HOSTILE]
    page.select_option("#size", "not said")
    assert set(names(page)) == {f"Model {n}" for n in (0, 1, 3, 4, 5)}


def test_a_point_of_the_drawing_leads_to_its_row(page: Page) -> None:
    drawing = page.locator("section.board:not([hidden]) .scatter")
    expect(drawing).to_be_visible()
    expect(drawing.locator("a")).to_have_count(6)
    expect(drawing.locator("text.name")).to_have_count(6)
    last = drawing.locator("a").last
    anchor = str(last.get_attribute("href"))
    last.locator("circle").click()
    expect(page.locator(f"tr{anchor}")).to_be_in_viewport()
    assert page.locator(f"tr{anchor}").locator("td.who a").inner_text() == "Model 5"


def test_points_stand_where_the_rates_are(page: Page) -> None:
    """Better is up and to the right: the drawing's order is that of the table's figures."""
    circles = page.locator("section.board:not([hidden]) .scatter circle")
    heights = [float(str(one.get_attribute("cy"))) for one in circles.all()]
    cells = page.locator("section.board:not([hidden]) tbody tr td:nth-child(4)[data-v]")
    safe = [float(str(one.get_attribute("data-v"))) for one in cells.all()]
    assert sorted(range(6), key=lambda i: heights[i]) == sorted(range(6), key=lambda i: -safe[i])
    for height, value in zip(heights, safe, strict=True):
        assert height == pytest.approx(262 - 250 * value, abs=0.1)


def test_two_rows_side_by_side(page: Page) -> None:
    expect(page.locator("#compare")).to_be_disabled()
    for name in ("Model 0", "Model 5"):
        page.get_by_label(f"compare {name}").first.check()
    page.click("#compare")
    panel = page.locator("#difference")
    expect(panel).to_be_focused()
    expect(panel.locator(".pair thead a")).to_have_text(["Model 0", "Model 5"])
    safe = page.locator("section.board:not([hidden]) tr", has_text="Model 0").locator("td b").nth(1)
    expect(panel.locator(".pair tr", has_text="Safe ↑").locator("td b").first).to_have_text(
        safe.inner_text()
    )
    text = panel.inner_text()
    found = re.search(r"Safe: (-\d+\.\d) points \[(-\d+\.\d), (-\d+\.\d)\]", text)
    assert found, text
    value, low, high = map(float, found.groups())
    assert low < value < high < 0 and value == pytest.approx(100 * (0.3 - 0.95), abs=4)
    assert "Helped: " in text and "corrected" in panel.inner_html()
    expect(panel.locator(".diff tbody td")).to_have_count(42)
    assert page.evaluate(CONTRAST, ".diff td b") >= 4.5
    screenshot(page, "site-compare")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    page.get_by_label("compare Model 1").first.check()
    expect(page.locator("#compare")).to_be_disabled()


def test_compare_over_what_is_shared(page: Page) -> None:
    page.get_by_label("compare Model 0").first.check()
    page.get_by_label("compare Text only").first.check()
    page.click("#compare")
    panel = page.locator("#difference")
    expect(panel.locator(".diff tbody td", has_text="missing")).to_have_count(30)
    assert int(re.search(r"over (\d+) shared", panel.inner_text())[1]) <= 720  # type: ignore[index]
    expect(panel.locator(".pair")).to_contain_text("missing: 30 cells")


def test_differences_that_cannot_be_loaded_are_said(browser: Browser, tmp_path: Path) -> None:
    site = board_site(tmp_path)
    for path in (site / "compare").glob("org__model-0*"):
        path.unlink()
    page = browser.new_page()  # not `opened`: here the browser has something to complain of
    page.goto((site / "index.html").as_uri())
    for name in ("Model 0", "Model 1"):
        page.get_by_label(f"compare {name}").first.check()
    page.click("#compare")
    note = page.locator("#difference .note")
    expect(note).to_contain_text("cannot be shown: compare/org__model-0")
    expect(page.locator("#difference .pair")).to_be_visible()
    page.close()


#: How wide the cell of each name is.
NARROW = """() => [...document.querySelectorAll('section:not([hidden]) td.who')].map(cell =>
  cell.getBoundingClientRect().width)"""


@pytest.mark.parametrize("name", ["index", "samples"])
def test_a_phone_shows_rows_as_cards(browser: Browser, site: Path, name: str) -> None:
    with opened(browser, site / f"{name}.html", viewport=PHONE) as page:
        widths = page.evaluate(NARROW)
        assert widths and min(widths) > 220  # a name has most of the screen, not a letter's width
        row = page.locator("section.board:not([hidden]) tbody tr").first
        expect(row.locator("td:nth-child(4)")).to_be_visible()
        expect(row.locator("td:nth-child(5)")).to_be_visible()
        expect(row.locator("td.minor").first).to_be_hidden()
        page.locator("section.board:not([hidden]) th button", has_text="Helped").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("size", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_looks(
    browser: Browser, site: Path, size: str, viewport: dict[str, int], scheme: str
) -> None:
    row = next(path for path in sorted((site / "rows").iterdir()) if "model-0" in path.name)
    pages = ("index", "samples", "published", "items", "submit", "changelog")
    for name, file in {"row": row, **{name: site / f"{name}.html" for name in pages}}.items():
        with opened(browser, file, viewport=viewport, color_scheme=scheme) as page:
            screenshot(page, f"site-{name}-{size}-{scheme}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= viewport["width"], name
            for selector in ("p", "td b", "td i", "td em", ".sub", "th", "a", "h1", "caption"):
                contrast = page.evaluate(CONTRAST, selector)
                assert contrast is None or contrast >= 4.5, (name, selector, contrast)
