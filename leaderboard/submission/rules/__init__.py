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
from leaderboard.submission.rules.counts import (
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
    NoAttack,
    NothingPrivate,
    ProtocolIsHashed,
    TemplatesNamed,
    WholeOrHalf,
)
from leaderboard.submission.rules.files import (
    ChecksumsMatch,
    KnownFilesOnly,
    PathNamesModel,
    SealedContent,
    ValidSchema,
)
from leaderboard.submission.rules.identity import (
    DatesInOrder,
    ExactRevision,
    NamesAreDistinct,
    NothingBeside,
    OneModel,
)
from leaderboard.submission.rules.judge_calibration import (
    CalibratedJudge,
    CalibrationHolds,
    JudgeIsNotTheModel,
)
from leaderboard.submission.rules.reply_hashes import RepliesAreReplies, RepliesAreTheModelsOwn

FILE_RULES: tuple[type[FileRule], ...] = (KnownFilesOnly, ValidSchema)
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
    WholeOrHalf,
    NoAttack,
    CalibratedJudge,
    JudgeIsNotTheModel,
    FewUnscored,
    MediaDelivered,
    CleanTree,
    NothingPrivate,
    RepliesAreReplies,
    CalibrationHolds,
    ExactRevision,
    DatesInOrder,
    OneModel,
)
COLLECTION_RULES: tuple[type[CollectionRule], ...] = (
    AppendOnly,
    OneListedRow,
    RepliesAreTheModelsOwn,
    NamesAreDistinct,
    NothingBeside,
)
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
