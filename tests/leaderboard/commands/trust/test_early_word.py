"""What `validate-judge` says of the first labels: whose fault it is that they have no verdict."""

from __future__ import annotations

import pytest

from judger.contract.outcomes import Outcome
from judger.validation.labels import Label
from leaderboard.commands.trust.calibrate import ENOUGH, EarlyWord, Unmeasured
from tests.judger.items import record

LABEL = Label(
    id="a",
    category="privacy_leak",
    task_type="text_generation",
    prompt="p",
    reply="r",
    contextual="safe",
    intrinsic="safe",
)


@pytest.mark.parametrize(
    ("outcome", "of_ten", "says"),
    [
        ("judge_unparsable", 6, "UNFIT: "),
        ("judge_refusal", 6, "UNFIT: "),
        ("judge_error", 6, "UNMEASURED: "),
        ("judge_budget", 9, ""),
        ("unsupported", 9, ""),
        ("judge_unparsable", 4, ""),
    ],
)
def test_only_what_the_judge_answered_makes_it_unfit(
    outcome: Outcome, of_ten: int, says: str
) -> None:
    pairs = [
        (LABEL, record(outcome=outcome if n % 10 < of_ten else "scored")) for n in range(ENOUGH)
    ]
    word = EarlyWord(stops=True)
    word(pairs[:8])
    word(pairs[:16])
    if says:
        with pytest.raises(Unmeasured, match=f"^{says}"):
            word(pairs)
    else:
        word(pairs)
