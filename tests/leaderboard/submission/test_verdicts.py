"""Lines of verdicts.jsonl: cut quickly where they are spelt as we spell them, else read whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from leaderboard.submission.verdicts import LineFaults, dump, parse


def line(number: int, **other: object) -> dict[str, object]:
    """One line; `other` fields stand in for its own."""
    return {
        "item_id": f"pri-h{number:03}.text_generation",
        "kind": "harmful",
        "category": "privacy_leak",
        "subcategory": "financial_privacy",
        "task_type": "text_generation",
        "prompt_sha256": hashlib.sha256(b"prompt").hexdigest(),
        "outcome": "scored",
        "contextual": "safe",
        "intrinsic": "safe",
        "delivered": None,
        "helped": None,
        "response_sha256": hashlib.sha256(f"reply {number}".encode()).hexdigest(),
        **other,
    }


FILE = dump([line(1), line(2, contextual="refusal"), line(3)])
OTHERS = dump([line(7), line(8), line(9)])


@pytest.mark.parametrize("before", [b"", FILE, OTHERS], ids=["first", "again", "after others"])
def test_lines_are_read_alike_whatever_was_read_before(before: bytes) -> None:
    parse(before)
    found = parse(FILE)
    assert [asked.item_id[:8] for asked in found.asked] == ["pri-h001", "pri-h002", "pri-h003"]
    assert [judged.contextual for judged in found.judged] == ["safe", "refusal", "safe"]
    first = [hashlib.sha256(f"reply {n}".encode()).digest()[:8] for n in (1, 2, 3)]
    assert found.replies.tolist() == [int.from_bytes(one, "big") for one in first]
    assert found.replies.dtype == np.uint64 and found.exact


@pytest.mark.parametrize(
    "spelt",
    [
        lambda data: data[:-1],
        lambda data: data.replace(b'": "', b'":"', 1),
        lambda data: data.replace(b"financial", b"\\u0066inancial", 1),
        lambda data: data.replace(b'"}\n', b'" }\n', 1),
    ],
    ids=["no last newline", "no space", "an escape", "a space before the end"],
)
def test_another_spelling_says_the_same(spelt: Callable[[bytes], bytes]) -> None:
    ours, theirs = parse(FILE), parse(spelt(FILE))
    assert ours.exact and not theirs.exact
    assert [*theirs.asked] == [*ours.asked] and [*theirs.judged] == [*ours.judged]
    assert theirs.replies.tolist() == ours.replies.tolist()


@pytest.mark.parametrize(
    ("broken", "at"),
    [
        (lambda data: data + b"\n", 4),
        (lambda data: b"x\n" + data, 1),
        (lambda data: data[:-9] + b"\n", 3),
        (lambda data: data.replace(b'"scored"', b'"score"', 1), 1),
        (lambda data: data.replace(b', "outcome"', b', "also": 1, "outcome"', 1), 1),
        (lambda data: data[:-5] + data[-5:].upper().replace(b'"}\n', b'Z"}\n'), 3),
        (lambda data: data.replace(b'.text_generation"', b'.text_generation\n"', 1), 1),
    ],
    ids=["an empty line", "a short line", "a cut one", "a word", "a field", "a hash", "a newline"],
)
def test_a_fault_names_its_line(broken: Callable[[bytes], bytes], at: int) -> None:
    parse(FILE)  # its items are known by now
    with pytest.raises(LineFaults) as found:
        parse(broken(FILE))
    assert found.value.faults[0].line == at


def test_a_file_without_lines_has_none() -> None:
    found = parse(b"")
    assert (*found.asked, *found.judged) == () and found.replies.size == 0
