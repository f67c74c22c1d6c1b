"""Recipes: how each known model is run, as files for lmms-eval's `--config`.

lmms_eval --config bagel --output_path runs/bagel      # a recipe by name, or any YAML file

A recipe is one run or a list of *phases* (most image-making back ends fix at load time whether they
understand or draw); together its phases ask each cell once, and `uni-safe report` reads the folder
as one run. Its `env` declares the model's capabilities; add your judge's variables there or in the
shell. Arguments are checked against the signature of the back end's class (`signatures`).
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from judger.contract.cell import of_type
from judger.contract.settings import SettingsError
from uni_safe_tasks.harness.installed.fit import require_harness
from uni_safe_tasks.harness.signatures import arguments_of
from uni_safe_tasks.scenario.locations import HERE
from uni_safe_tasks.suite.capabilities import OF_TASK_TYPE, VARIABLE, parse
from uni_safe_tasks.suite.named import cells_named

RECIPES = HERE / "recipes"
#: Back ends that hand arguments they do not name on to an engine of their own.
FORWARDING = frozenset({"vllm", "sglang"})
MAX_BYTES = 256 * 1024


class RecipeError(SettingsError):
    """A recipe that cannot be read: which, where and what to do."""


class Phase(BaseModel):
    """One run of lmms-eval; keys that are not named here are lmms-eval's other options."""

    model_config = ConfigDict(extra="allow")

    model: str = ""
    model_args: str = ""
    tasks: str = ""
    env: dict[str, str | int | float] = {}
    force_simple: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        """The model's arguments, read as the harness reads them."""
        require_harness()
        from lmms_eval.utils import simple_parse_args_string

        return dict(simple_parse_args_string(self.model_args))

    @property
    def leaves(self) -> list[str]:
        """Our cells that this phase asks."""
        return [cell.name for cell in cells_named(self.tasks)]


class Entry(BaseModel):
    """What the catalogue says of a recipe: the model, what it needs, and how far it was tried."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: str
    needs: tuple[str, ...] = ()
    key: str = ""
    get: str = ""
    tried: str = ""
    stand_in: str = Field(default="", alias="with")


class Recipe(BaseModel):
    """A file for `--config`, read."""

    path: Path
    phases: tuple[Phase, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def capabilities(self) -> frozenset[str]:
        """What the model can do: what is declared, else everything."""
        said = ",".join(str(phase.env.get(VARIABLE, "")) for phase in self.phases)
        return parse(said) or frozenset(c for needs in OF_TASK_TYPE.values() for c in needs)

    @property
    def task_types(self) -> list[str]:
        """Task types of which at least some items can be asked."""
        asked = {leaf for phase in self.phases for leaf in phase.leaves}
        return [
            task_type
            for task_type, needs in OF_TASK_TYPE.items()
            if self.capabilities & set(needs)
            and not asked.isdisjoint(cell.name for cell in of_type(task_type))
        ]


def names() -> list[str]:
    """The recipes that ship with this package."""
    return sorted(path.stem for path in RECIPES.glob("*.yaml"))


def catalogue() -> dict[str, Entry]:
    """Recipe name → what is known of it."""
    loaded = yaml.safe_load((RECIPES / "catalogue.yml").read_text(encoding="utf-8"))
    return {name: Entry.model_validate(entry) for name, entry in loaded.items()}


def path_of(name: str) -> Path:
    """The file of a recipe: a path that exists, or one of `names`; RecipeError otherwise."""
    if Path(name).is_file():
        return Path(name)
    if name in names():
        return RECIPES / f"{name}.yaml"
    close = difflib.get_close_matches(name, names(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names())}"
    raise RecipeError(f"no recipe and no file {name!r}: {hint}")


def load(name: str) -> Recipe:
    """Read a recipe by name or path; RecipeError names file, phase and field."""
    path = path_of(name)
    if path.stat().st_size > MAX_BYTES:
        raise RecipeError(f"{path}: {path.stat().st_size} bytes are no recipe")
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        phases = loaded if isinstance(loaded, list) else [loaded]
        return Recipe(path=path, phases=tuple(Phase.model_validate(phase) for phase in phases))
    except yaml.YAMLError as error:
        raise RecipeError(f"{path}: no YAML: {' '.join(str(error).split())[:200]}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "phase"
        raise RecipeError(f"{path}: {where}: {first['msg']}") from None


def problems(recipe: Recipe) -> Iterator[str]:
    """What in a recipe cannot work with this lmms-eval, one line each."""
    many = len(recipe.phases) > 1
    for number, phase in enumerate(recipe.phases, 1):
        where = f"{recipe.name}, phase {number}: " if many else f"{recipe.name}: "
        for problem in _phase_problems(phase):
            yield where + problem
    asked = Counter(leaf for phase in recipe.phases for leaf in phase.leaves)
    for leaf, times in asked.items():
        if times > 1:
            yield f"{recipe.name}: {leaf} is asked by {times} phases"


def _phase_problems(phase: Phase) -> Iterator[str]:
    if not phase.leaves:
        yield f"tasks: {phase.tasks!r} names no cell of the suite; try 'uni_safe_*'"
    try:
        parse(str(phase.env.get(VARIABLE, "")))
    except SettingsError as error:
        yield str(error)
    try:
        known = arguments_of(class_path(phase))
    except ValueError as error:
        yield f"model: {phase.model!r} cannot be loaded: {' '.join(str(error).split())[:160]}"
        return
    arguments = phase.arguments
    for name in arguments:
        if name not in known and phase.model not in FORWARDING:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"it takes {', '.join(known)}"
            yield f"model_args: {phase.model} takes no {name!r}: {hint}"
    for name, required in known.items():
        if required and name not in arguments:
            yield f"model_args: {phase.model} needs {name!r}"


def class_path(phase: Phase) -> str:
    """The class that the harness would load; ValueError when it knows no such back end."""
    from lmms_eval.models import MODEL_REGISTRY_V2

    return str(MODEL_REGISTRY_V2.resolve(phase.model, phase.force_simple).class_path)


def prepared(
    arguments: Sequence[str], environ: MutableMapping[str, str] = os.environ
) -> tuple[list[str], bool]:
    """(command line with `--config NAME` as a path, whether the file asks cells of ours).

    The file's `env` is set at once: lmms-eval sets it only after the judge was asked for. A judge
    that `--launcher_args` starts after generation cannot be asked before it.
    """
    result, ours = list(arguments), False
    for index, argument in enumerate(result):
        if argument.startswith("--launcher_args"):
            environ.setdefault("UNI_JUDGER_PREFLIGHT", "off")
        flag, _, value = argument.rpartition("=")
        if (flag or (result[index - 1] if index else "")) != "--config":
            continue
        recipe = load(value)
        result[index] = f"{flag}={recipe.path}" if flag else str(recipe.path)
        for phase in recipe.phases:
            environ.update({k: os.path.expandvars(str(v)) for k, v in phase.env.items()})
        ours = any(phase.leaves for phase in recipe.phases)
    return result, ours
