"""What is missing on this machine, for the suite and for one recipe; each finding with its cure.

Nothing is generated and no weights are loaded; only the judge (one harmless question), or a model's
server (its list of models), is contacted.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from huggingface_hub import try_to_load_from_cache
from huggingface_hub.errors import HFValidationError

from judger.contract.protocol import VERSION
from judger.contract.record import JudgeIdentity
from judger.contract.settings import Settings, SettingsError, load
from judger.contract.texts.model_names import first_same
from judger.engine.session import Session
from judger.rates.calibration import of_identity
from leaderboard.preflight.versions import versions
from leaderboard.runs.own_judge import judge_names
from leaderboard.runs.weights import named_weights
from uni_safe_tasks.attacks.chosen import VARIABLE as ATTACK
from uni_safe_tasks.attacks.chosen import chosen
from uni_safe_tasks.harness.installed.fit import RUN, find_unfit, has_harness
from uni_safe_tasks.harness.installed.version_facts import FACTS
from uni_safe_tasks.harness.recipe import Entry, Phase, Recipe, catalogue, problems
from uni_safe_tasks.harness.served import served
from uni_safe_tasks.scenario.locations import data_version
from uni_safe_tasks.scenario.rows import RowError, require_media, validate_all

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it stands, what was seen, what to do where that is needed."""

    state: State
    what: str
    seen: str
    cure: str = ""


def suite(back_ends: Collection[str] = (), recipe: Recipe | None = None) -> Iterator[Finding]:
    """Versions, discovery, data, judge: what every run needs, and one with these back ends.

    With a recipe, whether its model is the judge by another name.
    """
    yield from _versions(back_ends)
    points = importlib.metadata.entry_points(group="lmms_eval.models")
    if any(point.value.startswith("uni_safe_tasks.") for point in points):
        yield Finding("ok", "discovery", "lmms-eval finds the tasks by itself")
    else:
        yield Finding("fail", "discovery", "the entry point is missing", "install this package")
    try:
        rows = validate_all()
        require_media(rows)
        yield Finding("ok", "data", f"{len(rows)} scenarios, every medium there")
    except (RowError, FileNotFoundError) as error:
        yield Finding("fail", "data", str(error), "install the package again, or `make media`")
    same = "figures of another number are not comparable, of another letter they are"
    yield Finding("ok", "protocol", f"{VERSION} ({same}), data {data_version()}")
    yield from _attack()
    yield from judge_findings(recipe)


def _attack() -> Iterator[Finding]:
    """Whether requests would be put under pressure, and by a wrapper that there is."""
    try:
        attack = chosen()
    except SettingsError as error:
        yield Finding("fail", "attack", str(error), f"unset {ATTACK}, or take one of these")
        return
    if attack is not None:
        seen = f"{ATTACK}={attack.name}: {attack.about}"
        yield Finding("warn", "attack", seen, f"never ranked; unset {ATTACK} to ask plainly")


def _versions(back_ends: Collection[str]) -> Iterator[Finding]:
    seen = (f"{name} {version}" for name, version in versions().items())
    yield Finding("ok", "versions", ", ".join(seen))
    if not has_harness():
        without = "no lmms-eval: all works but asking a model (`lmms_eval`, recipes)"
        yield Finding("warn", "harness", without, RUN)
        return  # every fact is about a run of it; nothing else minds these versions
    mendable = {name for fact in FACTS if fact.works for name in fact.back_ends}
    for unfit in find_unfit({*mendable, *back_ends}):
        fails = unfit.fact.stops or set(unfit.fact.back_ends) & set(back_ends)
        state: State = "fail" if fails else "warn"
        yield Finding(state, "version", unfit.seen, unfit.fact.mend)


def judge_findings(
    recipe: Recipe | None = None, settings: Settings | None = None
) -> Iterator[Finding]:
    """Whether the judge can be asked, and whether it is a recipe's own model.

    It is asked one harmless question and for its list of models, nothing of the offline judge.
    """
    try:
        session = Session(settings or load())
        try:
            session.preflight(reach=True)
            identity = session.judge.identity
        finally:
            session.close()
    except SettingsError as error:
        yield Finding("fail", "judge", str(error), "see docs/judge.md")
        return
    yield _standing(identity)
    if recipe is not None and (same := _own_judge(recipe, identity)):
        cure = "judge with another model: no model judges itself"
        yield Finding("warn", "judge", f"{same[0]} is the model under test, {same[1]}", cure)


def _own_judge(recipe: Recipe, identity: JudgeIdentity) -> tuple[str, str] | None:
    """A name of the judge and one of the recipe's model that mean the same, if any do."""
    arguments = [phase.model_args for phase in recipe.phases]
    weights = [name for one in arguments for name in (*named_weights(one), *served(one))]
    return first_same(judge_names(identity), weights)


def _standing(identity: JudgeIdentity) -> Finding:
    name = f"{identity['backend']} {identity['model']}".strip()
    if unfit := identity.get("unfit"):
        cure = "label more, or take another judge: uni-safe validate-judge"
        return Finding("warn", "judge", f"{name} answers; measured, unfit: {unfit}", cure)
    if not identity["calibrated"]:
        cure = "set UNI_JUDGER_…, and measure the judge: uni-safe validate-judge"
        return Finding("warn", "judge", f"{name} answers, but is uncalibrated", cure)
    return Finding("ok", "judge", f"{name} answers; {of_identity(identity).told}")


def recipe_findings(recipe: Recipe) -> Iterator[Finding]:
    """What one recipe needs: arguments that fit, packages, a key, a GPU, weights or a server."""
    if not has_harness():
        yield Finding("fail", "harness", "lmms-eval is not installed; a recipe needs it", RUN)
        return
    wrong = list(problems(recipe))
    for problem in wrong:
        yield Finding("fail", "recipe", problem, f"edit {recipe.path}")
    if not wrong:
        cells = ", ".join(recipe.task_types)
        yield Finding("ok", "recipe", f"{recipe.name}: arguments fit; {cells}")
    entry = catalogue().get(recipe.name, Entry(name=recipe.name))
    for module in entry.needs:
        if not _importable(module):
            yield Finding("fail", "package", f"{module} is not installed", entry.get)
    if entry.key:
        there = bool(os.environ.get(entry.key))
        cure = "" if there else f"export {entry.key}=…"
        yield Finding(
            "ok" if there else "fail", "key", f"{entry.key} is{'' if there else ' not'} set", cure
        )
    for phase in recipe.phases:
        yield from _resources(phase)


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _resources(phase: Phase) -> Iterator[Finding]:
    """A server that answers, or a GPU and weights."""
    arguments = phase.arguments
    url = str(arguments.get("base_url") or "")
    weights = str(
        arguments.get("pretrained")
        or (arguments.get("model") if phase.model == "vllm" else "")
        or ""
    )
    if url:
        yield _server(url)
    elif weights:
        yield _gpu()
        yield _weights(weights)


def _server(url: str) -> Finding:
    try:
        status = httpx.get(f"{url.rstrip('/')}/models", timeout=10).status_code
    except httpx.HTTPError as error:
        return Finding("fail", "server", f"{url}: {error}", "start the server, or mend base_url")
    return Finding("ok", "server", f"{url} answers ({status} on /models)")


def _gpu() -> Finding:
    import torch

    if not torch.cuda.is_available():
        return Finding("warn", "GPU", "none is seen", "a model of this size needs one")
    count = torch.cuda.device_count()
    memory = torch.cuda.get_device_properties(0).total_memory / 2**30
    return Finding("ok", "GPU", f"{count} × {torch.cuda.get_device_name(0)}, {memory:.0f} GiB")


def _weights(name: str) -> Finding:
    if Path(name).is_dir():
        return Finding("ok", "weights", f"{name} is a folder")
    try:
        cached = try_to_load_from_cache(name, "config.json")
    except HFValidationError:
        cached = None
    if isinstance(cached, str):
        return Finding("ok", "weights", f"{name} is in the Hugging Face cache")
    cure = "it is fetched when the run starts; a gated one needs `hf auth login`"
    return Finding("warn", "weights", f"{name} is not on this machine", cure)
