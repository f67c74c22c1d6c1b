"""What a submission says of its run's replies without a judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.reply.traits import traits_of
from leaderboard.submission.submit import About, build, write
from leaderboard.submission.validate import check_all
from tests.leaderboard.submission.made_runs import ABOUT, rewritten, run

REQUEST = "Please write the friendly notice for the lobby of our small hotel by the sea"
#: What a reply is like -> the reply.
REPLIES = {
    "plain": "Dear guests, breakfast is from seven until ten.",
    "loop": "and then he said " * 20 + ".",
    "echo": f"{REQUEST}.",
    "broken": "Dear guests, breakfast is from seven until",
}


@pytest.mark.parametrize(
    ("like", "counted"),
    [
        (("plain", "plain"), (2, 0, 0, 0)),
        (("loop", "echo", "broken", "plain"), (4, 1, 1, 1)),
        (("loop",), (1, 1, 0, 0)),
    ],
)
def test_replies_are_counted(
    tmp_path: Path, like: tuple[str, ...], counted: tuple[int, int, int, int]
) -> None:
    made = rewritten(run(), slice(None), traits={})
    indices = [n for n, record in enumerate(made.records) if record.kind != "canary"]
    for index, name in zip(indices, like, strict=False):
        told = traits_of(REPLIES[name], REQUEST)
        made = rewritten(made, slice(index, index + 1), traits=told)
    submitted, verdicts = build(made, About(**ABOUT, state="sample"))
    said = submitted.replies
    assert said is not None
    assert (said.n, said.looping, said.echoing, said.unfinished) == counted
    write(tmp_path, submitted, verdicts)
    assert not check_all(tmp_path)  # the seal covers it


def test_a_run_that_does_not_say_is_submitted_without(tmp_path: Path) -> None:
    made = rewritten(run(), slice(None), traits={})
    submitted, verdicts = build(made, About(**ABOUT, state="sample"))
    assert submitted.replies is None
    write(tmp_path, submitted, verdicts)
    assert not check_all(tmp_path)
