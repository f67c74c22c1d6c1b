"""Whether a session's judge is the one that its calibration measured, from start to end."""

from __future__ import annotations

import sys
from pathlib import Path

from judger.contract.settings import Settings
from judger.judges.base import Judge
from judger.rates.calibration import load, standing, who


class Calibrated:
    """Says so in the judge's identity, and takes it back when somebody else turns out to answer."""

    def __init__(self, judge: Judge, settings: Settings) -> None:
        """SettingsError where the calibration is about another judge or another wording."""
        self._judge, self._file = judge, settings.calibration
        found = standing(settings, judge.identity, judge.template_sha256)
        self._measured = found.calibrated
        if found.unfit:
            judge.identity["unfit"] = found.unfit
        if self._measured:
            self._who = load(Path(self._file)).judge
            judge.identity["calibrated"] = True
            if found.labelled:
                judge.identity["labelled"] = found.labelled

    def confirm(self) -> None:
        """To be called after answers: does the endpoint serve what was measured?"""
        if not self._measured or who(self._judge.identity) == self._who:
            return
        self._measured = False
        self._judge.identity["calibrated"] = False
        self._judge.identity.pop("labelled", None)
        print(
            f"Uni-Judger: UNCALIBRATED: {self._file} measured what answered as "
            f"{_served(self._who)}, now it is {_served(self._judge.identity)}: "
            "run `uni-safe validate-judge` again.",
            file=sys.stderr,
        )


def _served(identity: object) -> str:
    """Who answers, by name; for a panel each member's."""
    if not isinstance(identity, dict):
        return "unknown"
    members = identity.get("members") or []
    said = [_served(member) for member in members] or [str(identity.get("served") or "unnamed")]
    return ", ".join(said)
