"""The commands that the documents show: those of code blocks, and those in backticks in a sentence.

A block is indented or fenced. A command in it that no test runs is marked: one of `MARKS` stands in
its comment, or in the paragraph before or after the block.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted(ROOT.glob("docs/*.md")),
    *(ROOT / room / "README.md" for room in ("leaderboard", "judger", "benchmarks")),
    ROOT / "uni_safe_tasks/data/README.md",
]
PROGRAMS = ("uni-safe", "lmms_eval", "lm_eval", "make", "python", "accelerate")
#: Never run in making this; run by hand only. `docs/README.md` tells readers.
MARKS = ("not run here", "not run by a test")
#: Fenced blocks in these languages hold no commands.
OTHER = {"python", "toml", "diff", "json", "yaml"}
_ASSIGNED = re.compile(r"[A-Z][A-Z0-9_]*=")
_SEPARATORS = {"&&", ";", "|", "&"}


class Shown(NamedTuple):
    """One command: where it stands, its words, whether it is marked as not run."""

    document: str
    words: tuple[str, ...]
    block: bool
    marked: bool

    def __str__(self) -> str:
        return f"{self.document}: {' '.join(self.words)}"


def shown() -> list[Shown]:
    """Every command of every document."""
    return [command for document in DOCUMENTS for command in commands_of(document)]


def commands_of(document: Path) -> Iterator[Shown]:
    """Every command of one document, those of blocks first."""
    name = str(document.relative_to(ROOT))
    text = document.read_text(encoding="utf-8")
    paragraphs = list(_paragraphs(text))
    for number, (code, lines) in enumerate(paragraphs):
        if not code:
            continue
        beside = paragraphs[max(number - 1, 0) : number + 2]
        near = " ".join(" ".join(part) for is_code, part in beside if not is_code)
        for line, comment in _joined(lines):
            said = f"{comment} {' '.join(near.split())}"
            marked = any(mark in said for mark in MARKS)
            for words in _calls(line):
                yield Shown(name, words, True, marked)
    prose = "\n".join(line for code, lines in paragraphs if not code for line in lines)
    for inline in re.findall(r"`([^`]+)`", prose):
        for words in _calls(" ".join(inline.split())):
            yield Shown(name, words, False, False)


def _paragraphs(text: str) -> Iterator[tuple[bool, list[str]]]:
    """(is it a block of commands, its lines), in order; blocks in other languages are left out."""
    fence, lines, code = "", list[str](), False
    for line in [*text.splitlines(), ""]:
        opens = line.strip().startswith("```")
        if fence or opens:
            if opens and fence:
                if fence not in OTHER:
                    yield True, lines
                fence, lines = "", []
            elif opens:
                if lines:
                    yield code, lines
                fence, lines = line.strip().strip("`") or "sh", []
            else:
                lines.append(line)
            continue
        if not line.strip():
            if lines:
                yield code, lines
            lines = []
            continue
        if not lines:
            deep = len(line) - len(line.lstrip())
            code = deep >= 4 and not line.lstrip().startswith(("|", "- "))
        lines.append(line)


def _joined(lines: list[str]) -> Iterator[tuple[str, str]]:
    """(command line, comment) of a block, with the lines that a backslash continues."""
    whole = ""
    for line in lines:
        whole += line.strip()
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        command, _, comment = f" {whole}".partition(" # ")
        yield command.strip(), comment
        whole = ""


def _calls(line: str) -> Iterator[tuple[str, ...]]:
    """The calls of our programs in one line of a shell."""
    try:
        words = shlex.split(re.sub(r"^node \w+: +", "", line), posix=True)
    except ValueError:
        words = line.split()
    call: list[str] = []
    for word in [*words, ";"]:
        if word in _SEPARATORS or word == ">":
            if call:
                yield tuple(call)
            call = []
        elif call or word.rpartition("/")[2] in PROGRAMS:
            call.append(word.rpartition("/")[2] if not call else word)
        elif not _ASSIGNED.match(word):
            break
