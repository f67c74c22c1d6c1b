"""Judges by name: what `UNI_JUDGER_BACKEND` may hold."""

from __future__ import annotations

from judger.contract.settings import Settings, SettingsError, require_endpoint
from judger.judges.base import Form, Judge
from judger.judges.chat import TemplateForm
from judger.judges.ensemble import EnsembleJudge, Member
from judger.judges.guards.gpt_oss_safeguard import GptOssSafeguard
from judger.judges.guards.guardreasoner_vl import GuardReasonerVL
from judger.judges.guards.llama_guard_4 import LlamaGuard4
from judger.judges.guards.nemotron import Nemotron
from judger.judges.guards.qwen3guard import Qwen3Guard
from judger.judges.guards.singguard import SingGuard
from judger.judges.guards.wildguard import WildGuard
from judger.judges.model_judge import AskingJudge
from judger.judges.panel import seats
from judger.judges.published import PublishedForm
from judger.judges.rules import RulesJudge

FORMS: dict[str, type[Form]] = {
    "openai": TemplateForm,
    "gpt_oss_safeguard": GptOssSafeguard,
    "guardreasoner_vl": GuardReasonerVL,
    "llama_guard_4": LlamaGuard4,
    "nemotron": Nemotron,
    "qwen3guard": Qwen3Guard,
    "singguard": SingGuard,
    "wildguard": WildGuard,
}


def names() -> list[str]:
    """Every name that `make_judge` knows."""
    return ["rules", *sorted(FORMS)]


def make_judge(settings: Settings) -> Judge:
    """The judge, or the panel, that the settings name; SettingsError for an unknown name."""
    if settings.mode == "reference":
        return _reference(settings)
    if settings.ensemble:
        rule, members = seats(settings)
        panel = [Member(seat.title, make_judge(own), seat.axes) for seat, own in members]
        return EnsembleJudge(panel, rule, settings)
    if settings.backend == "rules":
        return RulesJudge()
    if settings.backend not in FORMS:
        raise SettingsError(
            f"UNI_JUDGER_BACKEND={settings.backend!r} is no judge; choose {', '.join(names())}"
        )
    require_endpoint(settings)
    return AskingJudge(FORMS[settings.backend](settings), settings)


def _reference(settings: Settings) -> Judge:
    """The published protocol is one chat model's; nothing else can stand for it."""
    if settings.backend != "openai" or settings.ensemble:
        raise SettingsError(
            "UNI_JUDGER_MODE=reference follows the published protocol of one chat model: "
            "set UNI_JUDGER_BACKEND=openai and leave UNI_JUDGER_ENSEMBLE unset"
        )
    require_endpoint(settings)
    return AskingJudge(PublishedForm(settings), settings)
