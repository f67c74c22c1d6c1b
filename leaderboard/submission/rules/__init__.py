"""The rules of the leaderboard, in the order in which they are checked and shown."""

from __future__ import annotations

from leaderboard.submission.rules.base import (
    Case,
    Collection,
    CollectionRule,
    FileRule,
    Finding,
    Problem,
    Rule,
)
from leaderboard.submission.rules.collection import AppendOnly, OneListedRow
from leaderboard.submission.rules.content import (
    CountsRecompute,
    FaultIsNoVerdict,
    FortyTwoCells,
    ItemsOfTheData,
    UnsupportedMeansUnable,
)
from leaderboard.submission.rules.eligibility import (
    CleanTree,
    FewUnscored,
    MediaDelivered,
    NoLimit,
    NothingPrivate,
    ProtocolIsHashed,
    TemplatesNamed,
)
from leaderboard.submission.rules.files import (
    ChecksumsMatch,
    PathNamesModel,
    SealedContent,
    TwoFilesOnly,
    ValidSchema,
)
from leaderboard.submission.rules.judging import CalibratedJudge, JudgeIsNotTheModel

FILE_RULES: tuple[type[FileRule], ...] = (TwoFilesOnly, ValidSchema)
RULES: tuple[type[Rule], ...] = (
    PathNamesModel,
    SealedContent,
    ChecksumsMatch,
    FortyTwoCells,
    ItemsOfTheData,
    FaultIsNoVerdict,
    CountsRecompute,
    UnsupportedMeansUnable,
    ProtocolIsHashed,
    TemplatesNamed,
    NoLimit,
    CalibratedJudge,
    JudgeIsNotTheModel,
    FewUnscored,
    MediaDelivered,
    CleanTree,
    NothingPrivate,
)
COLLECTION_RULES: tuple[type[CollectionRule], ...] = (AppendOnly, OneListedRow)
ALL_RULES = (*FILE_RULES, *RULES, *COLLECTION_RULES)

__all__ = [
    "ALL_RULES",
    "COLLECTION_RULES",
    "FILE_RULES",
    "RULES",
    "Case",
    "Collection",
    "Finding",
    "Problem",
]
