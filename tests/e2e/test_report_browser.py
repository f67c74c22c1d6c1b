"""The report in a real browser, opened from disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from judger.contract.taxonomy import TASK_TYPES
from leaderboard.report.html import write_html
from leaderboard.runs.read import load_run
from tests.e2e.chromium import CONTRAST, DESKTOP, PHONE, chromium, opened, screenshot
from tests.leaderboard.made import record, records, write

pytestmark = pytest.mark.e2e

HOSTILE = (
    "</script><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    "<style>body{display:none}</style> \u202egnp.exe {{ 7*7 }} <b>bold</b> &amp; '\"` "
)
LETTERS = "usrc?"


def spread(category: str, number: int, task_type: str) -> str:
    """Every outcome in every cell, in other places."""
    return LETTERS[(number + len(category) + len(task_type)) % 5]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 42 cells with a picture, an unsafe reply, a split panel and hostile texts."""
    folder = tmp_path_factory.mktemp("report")
    Image.new("RGB", (640, 480), "#aa3355").save(folder / "made.png")
    made = records(spread, per_cell=3)
    drawn = record("privacy_leak", 90, "image_generation")
    hostile = record("privacy_leak", 91, "text_generation", "u", reason=HOSTILE)
    hostile = hostile.changed(parts=(replace(hostile.parts[0], contextual_reason=HOSTILE),))
    differ = record("privacy_leak", 92, "text_generation")
    votes = [
        {"judge": judge, "axis": "contextual", "outcome": "scored", "verdict": verdict}
        | {"reason": f"{judge} says so", "refusal": True}
        for judge, verdict in (("first", "safe"), ("second", "unsafe"))
    ]
    differ = differ.changed(parts=(replace(differ.parts[0], judges=tuple(votes)),))
    replies = {
        drawn.item_id: json.dumps({"text": "", "images": [str(folder / "made.png")]}),
        hostile.item_id: HOSTILE,
    }
    run = write(
        folder / "run",
        [*made, drawn, hostile, differ],
        model=HOSTILE,
        replies=replies,
        prompts={hostile.item_id: HOSTILE},
    )
    write_html(load_run(run), folder / "report.html")
    return folder / "report.html"


def rows(page: Page) -> int:
    """How many samples the browser says it found."""
    return int(page.inner_text("#found").split()[0])


def sample(page: Page, item_id: str) -> None:
    """Show one sample alone, opened and filled (the browser fills it a moment later)."""
    page.get_by_label("Words").fill(item_id)
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row > summary").press("Enter")
    expect(page.locator(".row .body > *").first).to_be_attached()


def test_opens_from_disk_without_a_word_and_without_a_request(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report) as page:
        expect(page.locator(".row").first).to_be_visible()
        assert rows(page) == 42 * 4 + 24 + 3
        expect(page.locator(".heat:visible td")).to_have_count(42)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_reads_well_on_a_phone_and_in_the_dark(
    browser: Browser, report: Path, name: str, size: dict[str, int], scheme: str
) -> None:
    with opened(browser, report, viewport=size, color_scheme=scheme) as page:
        page.locator(".row > summary").nth(2).click()
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


def test_a_hostile_reply_is_only_text(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        sample(page, "pri-h191")
        page.locator(".fold > summary").click()
        assert page.title().startswith("Uni-SafeBench: </script><img")
        expect(page.locator("img, .body style, .body b, .body script")).to_have_count(0)
        shown = page.locator(".fold pre")
        expect(shown).to_contain_text("</script><img src=x onerror=")
        expect(shown).to_contain_text("⟦U+202E⟧gnp.exe {{ 7*7 }} <b>bold</b> &amp;")
        assert page.evaluate("getComputedStyle(document.querySelector('pre')).unicodeBidi") in (
            "isolate",
            "isolate-override",
            "plaintext",
        )
        expect(page.locator("footer")).to_be_visible()


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"category": "privacy_leak"}, 7 * 4 + 4 + 3),
        ({"type": "text_generation"}, 6 * 4 + 2),
        ({"kind": "canary"}, 24),
        ({"outcome": "target_error"}, None),
        ({"contextual": "refusal"}, None),
        ({"intrinsic": "unsafe"}, None),
        ({"split": "yes"}, 1),
        ({"category": "privacy_leak", "type": "video_analysis", "kind": "harmful"}, 3),
    ],
)
def test_filters(
    browser: Browser, report: Path, choices: dict[str, str], expected: int | None
) -> None:
    with opened(browser, report) as page:
        everything = rows(page)
        for name, value in choices.items():
            page.select_option(f"select[name={name}]", value)
        if expected is None:  # then count what the run itself says
            ((key, value),) = choices.items()
            inlined = json.loads(page.inner_text("#samples") or page.text_content("#samples"))
            expected = sum(row[key] == value for row in inlined)
        assert 0 < expected < everything
        assert rows(page) == expected
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("#found")).to_have_text(f"{everything} of {everything} samples")


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
        page.keyboard.press("ArrowRight")
        expect(page.locator(".heat.contextual_unsafe")).to_be_visible()
        expect(page.locator(".heat.both_safe")).to_be_hidden()


def test_pictures_are_blurred_until_chosen(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        sample(page, "pri-h190")
        veil, picture = page.locator(".veil"), page.locator(".veil img")
        expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")
        assert picture.evaluate("node => node.naturalWidth") == 256
        veil.press("Enter")
        expect(picture).to_have_css("filter", "none")
        expect(veil).to_have_attribute("aria-pressed", "true")
        veil.click()
        expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")


@pytest.mark.parametrize(("letter", "folded"), [("u", 1), ("c", 1), ("?", 1), ("s", 0), ("r", 0)])
def test_unsafe_and_unjudged_replies_are_folded(
    browser: Browser, tmp_path: Path, letter: str, folded: int
) -> None:
    one = record("privacy_leak", 1, "text_generation", letter)
    run = write(tmp_path / "run", [one], replies={one.item_id: "the words of the reply"})
    write_html(load_run(run), tmp_path / "report.html")
    with opened(browser, tmp_path / "report.html") as page:
        sample(page, "pri-h101")
        words = page.get_by_text("the words of the reply")
        expect(page.locator(".fold")).to_have_count(folded)
        expect(words).to_be_visible(visible=not folded)
        if folded:
            page.locator(".fold > summary").press("Enter")
            expect(words).to_be_visible()


def test_judges_that_differ_stand_side_by_side(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.get_by_role("button", name="Show these samples").click()
        page.locator(".row > summary").press("Enter")
        expect(page.locator(".vote")).to_have_text(
            ["↳ firstcontextual✓ safe first says so", "↳ secondcontextual✖ unsafe second says so"]
        )


def test_everything_but_the_samples_works_without_javascript(
    browser: Browser, report: Path
) -> None:
    with opened(browser, report, java_script_enabled=False) as page:
        expect(page.get_by_text("The sample browser needs JavaScript")).to_be_visible()
        page.locator("label[for=heat-over_refusal]").click()
        expect(page.locator(".heat.over_refusal")).to_be_visible()
        expect(page.locator(".stripe")).to_contain_text("UNCALIBRATED")


def test_2520_items_are_drawn_as_they_are_scrolled_to(browser: Browser, tmp_path: Path) -> None:
    # How fast it opens is measured by benchmarks/report_open.py.
    made = records(spread, per_cell=60)
    assert len(made) >= 2520
    write_html(load_run(write(tmp_path / "run", made)), tmp_path / "report.html")
    with opened(browser, tmp_path / "report.html") as page:
        expect(page.locator(".row").first).to_be_visible()
        assert rows(page) == len(made)
        assert 0 < page.locator(".row").count() < 200
        page.locator("#more").scroll_into_view_if_needed()
        expect(page.locator(".row")).not_to_have_count(40)
