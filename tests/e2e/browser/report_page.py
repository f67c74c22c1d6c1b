"""A report of a made run, open in a browser."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from playwright.sync_api import Page, expect

HOSTILE = (
    "</script><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    "<style>body{display:none}</style> \u202egnp.exe {{ 7*7 }} <b>bold</b> &amp; '\"` "
)


LOOP = {"words": 90, "repetition": 0.9, "echo": 0.0, "unfinished": 0.0}


#: Items of the report below that are not of `records`, and those of them of texts.
MORE, TEXTS = 5, 4


def rows(page: Page) -> int:
    """How many samples the browser says it found (they are unpacked a moment after it opens)."""
    expect(page.locator("#found")).not_to_be_empty()
    return int(page.inner_text("#found").split()[0])


def inlined(page: Page) -> list[dict[str, Any]]:
    """The samples that the page holds, unpacked here."""
    packed = base64.b64decode(page.text_content("#samples") or "")
    columns = json.loads(gzip.decompress(packed))
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def sample(page: Page, item_id: str) -> None:
    """Show one sample alone, opened and filled (the browser fills it a moment later)."""
    page.get_by_label("Words").fill(item_id)
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row > summary").press("Enter")
    expect(page.locator(".row .body > *").first).to_be_attached()
