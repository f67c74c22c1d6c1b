"""Words that were drawn: without canaries of pictures nothing shows that they arrived."""

from __future__ import annotations

import pytest

from judger.contract.record import Record
from judger.rates.delivery import canaries
from leaderboard.report.findings.drawn import unproven
from tests.leaderboard.made import record

CELL = ("privacy_leak", "text_generation")


def run(attack: str, *back: bool) -> list[Record]:
    under = {"attack": attack, "attack_sha256": "c" * 64}
    seen = [
        record(CELL[0], n, "image_understanding", kind="canary", delivered=b, parts=[], **under)
        for n, b in enumerate(back)
    ]
    return [record(*CELL[:1], 0, CELL[1], **under), *seen]


@pytest.mark.parametrize(
    ("attack", "back", "says"),
    [
        ("picture", (), "no canary of image_understanding asked"),
        ("picture", (True, False), "1 of 2 canaries"),
        ("picture", (True,) * 4 + (False,), ""),
        ("picture", (True, True), ""),
        ("persona", (), ""),
        ("", (False,), ""),
        ("of_a_later_suite", (), ""),
    ],
)
def test_flags(attack: str, back: tuple[bool, ...], says: str) -> None:
    records = run(attack, *back)
    found = unproven(records, canaries(records))
    assert set(found) == ({CELL} if says else set())
    assert says in "".join(found.values())
