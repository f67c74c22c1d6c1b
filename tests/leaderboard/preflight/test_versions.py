"""Which code a report is about: its version, its commit, and whether it was changed."""

from __future__ import annotations

import pytest

from judger.engine.provenance import DISTRIBUTION, code
from leaderboard.preflight import versions as module
from leaderboard.preflight.versions import installed, versions


@pytest.mark.parametrize(
    ("commit", "clean", "says"),
    [
        ("", True, ""),
        ("", False, ""),
        ("0123456789abcdef", True, " (0123456789ab)"),
        ("0123456789abcdef", False, " (0123456789ab, modified)"),
    ],
)
def test_the_commit_and_whether_it_was_changed(
    commit: str, clean: bool, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = code()._replace(commit=commit, clean=clean)
    monkeypatch.setattr(module, "code", lambda: state)
    ((_, version),) = installed(DISTRIBUTION)
    assert versions()[DISTRIBUTION] == version + says


def test_what_is_not_installed_is_left_out() -> None:
    assert dict(installed("no-such-distribution", DISTRIBUTION)).keys() == {DISTRIBUTION}
