"""Every file, folder and heading that a document names is there: moved rooms take names along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP = ("judger/", "uni_safe_tasks/", "leaderboard/", "templates/", "tests/", "benchmarks/", "docs/")
#: What changed in the past is told in the names of the past.
PAST = "CHANGELOG.md"
DOCUMENTS = sorted(
    path
    for folder in (ROOT, *(ROOT / top for top in TOP))
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
    if path.name != PAST
)
NAMED = re.compile(r"`([\w./*-]+/[\w./*-]*)`|\]\((?!http)([\w./-]*)(?:#([\w-]+))?\)")
MODULE = re.compile(r"python -m ((?:judger|uni_safe_tasks|leaderboard|benchmarks|tests)[\w.]*)")
HEADING = re.compile(r"^#+ (.+)$", re.M)


def lost(document: Path) -> Iterator[str]:
    """Paths in backticks that begin with a top-level folder, targets of links, modules that are
    run: those that are not there."""
    text = document.read_text(encoding="utf-8")
    for path, link, anchor in NAMED.findall(text):
        if path and path.startswith(TOP) and not any(ROOT.glob(path.rstrip("/"))):
            yield path
        if link or anchor:
            target = document.parent / link if link else document
            if not target.exists():
                yield link
            elif anchor and anchor not in anchors(target):
                yield f"{link}#{anchor}"
    for module in MODULE.findall(text):
        file = ROOT / module.strip(".").replace(".", "/")
        if not (file.is_dir() or file.with_suffix(".py").exists()):
            yield module


def anchors(document: Path) -> set[str]:
    """The names by which GitHub links to a document's headings."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_what_a_document_names_is_there(document: Path) -> None:
    assert list(lost(document)) == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("`docs/README.md`, `tests/judger/judges/guards/`, `docs/*.md`, `own/path`", []),
        ("[a](judge.md#judges) [b](#here) [c](https://x.org/y#z)", []),
        ("`docs/no.md` and `tests/test_no*.py`", ["docs/no.md", "tests/test_no*.py"]),
        (
            "[a](no.md) [b](judge.md#nothing) [c](#nowhere)",
            ["no.md", "judge.md#nothing", "#nowhere"],
        ),
        ("    python -m judger.nothing", ["judger.nothing"]),
    ],
)
def test_what_counts_as_lost(tmp_path: Path, words: str, fault: list[str]) -> None:
    (tmp_path / "judge.md").write_text("# Judges\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Here\n\n{words}\n")
    assert list(lost(page)) == fault
