"""A recipe with other weights, another server, other cells or more environment, as YAML text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from judger.contract.settings import SettingsError
from uni_safe_tasks.harness.recipe import Phase
from uni_safe_tasks.suite.capabilities import CAPABILITIES, VARIABLE, parse
from uni_safe_tasks.suite.iso.leaves import asked_like
from uni_safe_tasks.suite.named import cells_named

#: What `--can` says of itself.
CAN = f"what the model can do, comma-separated: {', '.join(CAPABILITIES)}"
#: An argument that a recipe may have -> what it is called in a message.
_NAMED = {"pretrained": "weights", "model": "model by name", "base_url": "server"}


def composed(
    path: Path, arguments: Mapping[str, str], env: Mapping[str, str], tasks: str = ""
) -> str:
    """The text of the recipe at `path`, changed.

    Args:
        path: the recipe's file.
        arguments: `pretrained`, `model` and `base_url` as every phase shall have them; "" keeps.
        env: variables to add to its `env`.
        tasks: cells, by name, pattern or tag; each phase keeps those of them that it asks.

    Raises:
        SettingsError: the recipe has no such argument, or asks none of these cells.
    """
    wanted = {name: value for name, value in arguments.items() if value}
    text = path.read_text(encoding="utf-8")
    if not (wanted or env or tasks):
        return text
    loaded = yaml.safe_load(text)
    phases = loaded if isinstance(loaded, list) else [loaded]
    for phase in phases:
        _exchange(path, phase, wanted)
    phases = _narrowed(path, phases, tasks) if tasks else phases
    if env:
        phases[0].setdefault("env", {}).update(env)
    made = phases if isinstance(loaded, list) else phases[0]
    return str(yaml.safe_dump(made, sort_keys=False, width=10_000))


def capable_environment(can: str, assignments: Sequence[str]) -> dict[str, str]:
    """The `env` of `--can` and `--env NAME=VALUE`; SettingsError at what is none."""
    env = {VARIABLE: ",".join(c for c in CAPABILITIES if c in parse(can))} if can else {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not key or not equals:
            raise SettingsError(f"--env {assignment!r}: NAME=VALUE is wanted")
        env[key] = value
    return env


def _exchange(path: Path, phase: dict[str, Any], wanted: Mapping[str, str]) -> None:
    if not wanted:
        return
    arguments = Phase.model_validate(phase).arguments
    for name, value in wanted.items():
        if name not in arguments:
            raise SettingsError(f"{path.stem} has no {_NAMED[name]} to exchange (no `{name}`)")
        if "," in value:
            raise SettingsError(f"{name}={value!r}: lmms-eval splits arguments at commas")
        arguments[name] = value
    phase["model_args"] = ",".join(f"{key}={value}" for key, value in arguments.items())


def _narrowed(path: Path, phases: Sequence[dict[str, Any]], tasks: str) -> list[dict[str, Any]]:
    """The phases that ask any of the cells, each with those that it asks.

    A sentence in another form goes to the phase that is asked items with the same medium.
    """
    like = {cell.name: asked_like(cell).name for cell in cells_named(tasks)}
    env = {k: v for phase in phases for k, v in (phase.get("env") or {}).items()}
    found = []
    for phase in phases:
        leaves = set(Phase.model_validate(phase).leaves)
        kept = [name for name, other in like.items() if other in leaves or name in leaves]
        if kept:
            found.append({**phase, "tasks": ",".join(kept)})
    if not found:
        raise SettingsError(f"{tasks!r} names no cell that {path.stem} asks; try 'uni_safe_*'")
    if env:
        found[0]["env"] = env
    return found
