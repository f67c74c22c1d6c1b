"""A real browser for files on disk: Debian's Chromium, headless, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Where the screenshots that a person should look at are kept.
SCREENSHOTS = Path(__file__).resolve().parents[3] / "build" / "screenshots"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def executable() -> str:
    """The browser's path; skips the test, saying why, where there is none."""
    named = os.environ.get("CHROMIUM", "")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if not found:
        pytest.skip("NOT TESTED in a browser: no Chromium here (`apt-get install chromium`)")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser."""
    path = executable()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, file: Path, address: str = "", script: str = "", **options: Any
) -> Iterator[Page]:
    """A page opened from disk. Fails on anything it complains of and on every request it makes.

    `address` is what follows the file's name (`#…`); `script` runs before those of the page.
    """
    context = browser.new_context(**{"viewport": DESKTOP, **options})
    if script:
        context.add_init_script(script)
    page, complaints = context.new_page(), list[str]()
    url = file.resolve().as_uri()

    def asked(made: Request) -> None:
        if _foreign(made.url, file):
            complaints.append(made.url)

    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", asked)
    page.goto(url + address)
    yield page
    assert complaints == []
    context.close()


def _foreign(url: str, file: Path) -> bool:
    inside = file.resolve().parent.as_uri()
    return not url.startswith((f"{inside}/", "data:"))


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


#: The smallest contrast of text to its background among the elements of a selector (WCAG 2).
CONTRAST = """selector => {
  const parse = text => {
    const canvas = document.createElement('canvas');
    const c = canvas.getContext('2d');
    c.fillStyle = text; c.fillRect(0, 0, 1, 1);
    return [...c.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const f = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b);
  };
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 255];
  };
  const ratios = [...document.querySelectorAll(selector)].filter(n => n.offsetParent).map(node => {
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))];
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  });
  return ratios.length ? Math.min(...ratios) : null;
}"""
