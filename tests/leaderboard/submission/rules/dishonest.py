"""What dishonest submissions are made of."""

from __future__ import annotations

from tests.leaderboard.breaking import Break
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submissions import SHA

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


WORDING = {"contextual": SHA, "intrinsic": SHA}


def hashes(of: str, kinds: tuple[str, ...] = ("harmful", "benign", "canary")) -> Break:
    """The same reply to everything."""

    def change(draft: Draft) -> None:
        for x in draft.lines:
            if x["kind"] in kinds:
                x["response_sha256"] = of

    return change


def both(*changes: Break) -> Break:
    def change(draft: Draft) -> None:
        for one in changes:
            one(draft)

    return change
