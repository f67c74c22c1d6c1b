"""What was read, said or worked out is a value: nobody changes it afterwards."""

from __future__ import annotations

import dataclasses

import pytest

from judger.contract.record import PartRecord, Record
from judger.endpoint.grammar.completion import Completion
from judger.judges.published.comparison import Comparison as TwoModes
from judger.judges.verdict import Answer
from judger.rates import family
from judger.rates.interrater import Interrater
from judger.rates.intervals import Estimate
from judger.rates.paired import Paired
from judger.rates.statistics import Mean, Rate
from judger.reply.parts import Combined, Part
from judger.reply.reply import Aside, Reply, ReplyFile
from leaderboard.compare.differences import Comparison
from leaderboard.compare.groups import Groups
from leaderboard.compare.over_models import Member
from leaderboard.compare.wording_sweep import Spread
from leaderboard.preflight.doctor import Finding
from leaderboard.preflight.estimate import Seat
from leaderboard.preflight.run_command import Asked, Launch
from leaderboard.submission.rules.base import Case, Collection

VALUES = [
    *(Answer, Aside, Asked, Case, Collection, Combined, Comparison, Completion, Estimate, Finding),
    *(Groups, Interrater, Launch, Mean, Member, Paired, Part, PartRecord, Rate, Record, Reply),
    *(ReplyFile, Seat, Spread, family.Tested, TwoModes),
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_cannot_be_changed(value: type) -> None:
    made: object = object.__new__(value)
    for field in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, field.name, None)
