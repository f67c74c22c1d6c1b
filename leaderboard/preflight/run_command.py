"""The `lmms_eval` command that `uni-safe run` stands for: built, shown, and started."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from judger.contract.errors import UserError
from leaderboard.preflight.composed import capable_environment, composed
from uni_safe_tasks.attacks.chosen import VARIABLE as ATTACK
from uni_safe_tasks.attacks.chosen import named
from uni_safe_tasks.harness.installed.fit import require_harness
from uni_safe_tasks.harness.recipe import load, path_of
from uni_safe_tasks.suite.capabilities import VARIABLE
from uni_safe_tasks.suite.named import cells_named

EVERY_CELL = "uni_safe_*"
#: A recipe with cells of its own is kept beside its run: it says what was asked.
RECIPE = "recipe.yaml"


class LaunchError(UserError):
    """A run that cannot be started: what is missing or contradicts itself."""


@dataclass(frozen=True)
class Asked:
    """What a person asks for; "" and None leave it to the recipe or the suite."""

    recipe: str = ""
    model: str = ""
    base_url: str = ""
    pretrained: str = ""
    can: str = ""
    cells: str = EVERY_CELL
    limit: int | None = None
    max_tokens: int | None = None
    attack: str = ""


@dataclass(frozen=True)
class Launch:
    """A command line of lmms_eval and what is added to its environment."""

    arguments: tuple[str, ...]
    env: Mapping[str, str]

    def __str__(self) -> str:
        """As it can be typed into a shell: one option a line."""
        words = [f"{name}={shlex.quote(value)}" for name, value in self.env.items()]
        lines, parts = [" ".join([*words, "lmms_eval"])], list(self.arguments)
        while parts:
            value = parts[1:2] if parts[1:2] and not parts[1].startswith("--") else []
            lines.append(" ".join([parts[0], *map(shlex.quote, value)]))
            parts = parts[1 + len(value) :]
        return " \\\n    ".join(lines)

    def start(self) -> int:
        """Run it here; the exit status. The command lies beside the Python that runs this."""
        require_harness()
        command = Path(sys.executable).parent / "lmms_eval"
        environment = {**os.environ, **self.env}
        return subprocess.run(
            [str(command), *self.arguments], env=environment, check=False
        ).returncode


def launch(asked: Asked, out: Path, judge: Mapping[str, str]) -> Launch:
    """The command for what is asked; writes a recipe below `out` where one has to be changed.

    `judge` are variables of the judge that stand in no environment yet.
    """
    if not (asked.recipe or (asked.model and asked.base_url)):
        raise LaunchError(
            "say what to run: --model NAME --base-url URL (a server), or --recipe NAME "
            "(`uni-safe recipes` lists them)"
        )
    if not cells_named(asked.cells):
        raise LaunchError(f"--cells {asked.cells!r} names no cell; try 'uni_safe_*'")
    env = dict(judge)
    if asked.attack:
        env[ATTACK] = named(asked.attack).name
    arguments = _of_recipe(asked, out) if asked.recipe else _of_server(asked, env)
    options = {"--limit": asked.limit, "--output_path": out, "--use_cache": out / "cache"}
    for option, value in options.items():
        arguments += [option, str(value)] if value is not None else []
    if asked.max_tokens is not None:
        arguments += ["--gen_kwargs", f"max_new_tokens={asked.max_tokens}"]
    return Launch((*arguments, "--log_samples"), env)


def _of_server(asked: Asked, env: dict[str, str]) -> list[str]:
    if any("," in value for value in (asked.model, asked.base_url)):
        raise LaunchError("lmms_eval splits --model_args at commas: no model or URL may hold one")
    capabilities = capable_environment(asked.can or "text-to-text", ())
    env.update(capabilities)
    draws = "-to-image" in capabilities[VARIABLE]
    model_args = (
        f"model={asked.model},base_url={asked.base_url},images={'chat' if draws else 'none'}"
    )
    named = ["--model", "uni_safe_any_to_any", "--model_args", model_args]
    return [*named, "--tasks", asked.cells]


def _of_recipe(asked: Asked, out: Path) -> list[str]:
    recipe = load(asked.recipe)
    arguments = {
        "pretrained": asked.pretrained,
        "model": asked.model,
        "base_url": asked.base_url,
    }
    can = capable_environment(asked.can, ())
    narrowed = "" if asked.cells == EVERY_CELL else asked.cells
    if not (any(arguments.values()) or can or narrowed):
        return ["--config", asked.recipe]
    text = composed(path_of(asked.recipe), arguments, can, narrowed)
    out.mkdir(parents=True, exist_ok=True)
    file = out / RECIPE
    file.write_text(f"# {recipe.name}, changed by `uni-safe run`\n{text}", encoding="utf-8")
    return ["--config", str(file)]


def folder_for(asked: Asked) -> Path:
    """Where a run goes that names no folder: runs/, the model's or recipe's name, the attack."""
    name = asked.model.rpartition("/")[2] or Path(asked.recipe).stem
    folder = re.sub(r"[^\w.-]+", "_", name).strip("._") or "model"
    return Path("runs") / "-".join(filter(None, (folder, asked.attack)))
