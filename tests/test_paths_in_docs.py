"""Every file and folder that a document names is there: a moved room takes its name along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READMES = [ROOT / "judger/README.md", ROOT / "benchmarks/README.md"]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *READMES])
#: What changed in the past is told in the names of the past.
PAST = {"CHANGELOG.md"}
TOP = ("judger/", "uni_safe_tasks/", "leaderboard/", "templates/", "tests/", "benchmarks/", "docs/")
NAMED = re.compile(r"`([\w./-]+/[\w./-]*)`|\]\((?!http)([\w./-]+)(?:#[\w-]+)?\)")
MODULE = re.compile(r"python -m ((?:judger|uni_safe_tasks|leaderboard|benchmarks|tests)[\w.]*)")


def named(document: Path) -> set[Path]:
    """Paths in backticks that begin with a top-level folder, targets of links, modules run."""
    text = document.read_text(encoding="utf-8")
    found = set()
    for path, link in NAMED.findall(text):
        if link:
            found.add(document.parent / link)
        elif path.startswith(TOP):
            found.add(ROOT / path)
    for module in MODULE.findall(text):
        path = ROOT / module.strip(".").replace(".", "/")
        found.add(path if path.is_dir() else path.with_suffix(".py"))
    return found


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if d.name not in PAST], ids=lambda d: d.name
)
def test_what_a_document_names_is_there(document: Path) -> None:
    assert not {str(path) for path in named(document) if not path.exists()}
