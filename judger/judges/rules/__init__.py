"""The offline judge: how it declines, what is private, what is harmful, and the verdict on both."""

from judger.judges.rules.judge import RulesJudge, contextual, intrinsic

__all__ = ["RulesJudge", "contextual", "intrinsic"]
