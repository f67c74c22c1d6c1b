"""Which files of a folder are one run: of one model, the newest of each cell, and what was left.

A folder can hold several runs. Phases of one run ask different cells (a recipe's understanding and
drawing, say); of a cell that was run again the newest counts, by the date in its results file. Two
models never become one run: a mean over both would be nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from judger.bridges.run_files import FileError, RunFiles, find, opened
from judger.contract.cell import SUITE
from judger.contract.errors import UserError
from judger.contract.iso import ISO_PREFIX
from judger.rates.metrics import PAPER_PREFIX
from leaderboard.text.secrets import redacted


class RunError(UserError):
    """A folder that holds no run, or a file in it that cannot be read: which, and what to do."""


#: How the names of the cells' tasks begin, and of the paper's own; neither begins with the other.
CELLS, PAPER = f"{SUITE}_", PAPER_PREFIX

#: Arguments of a back end that say whose weights these are; others say how they are run.
_WHO = frozenset(
    (
        *("pretrained", "model", "model_version", "model_name", "model_id", "path", "engine"),
        *("peft", "delta", "revision", "policy", "image_model"),
    )
)


@dataclass(frozen=True)
class Chosen:
    """One run: task -> its samples file, the result files behind them, and what to know of it.

    `paper`: it is a run of the paper's own tasks, whose figures never stand beside the cells'.
    `sentences` are the samples files of the second suite (`unisafe_iso_*`), never counted with the
    others.
    """

    samples: Mapping[str, Path]
    results: tuple[RunFiles, ...]
    notes: tuple[str, ...] = ()
    paper: bool = False
    sentences: Mapping[str, Path] = field(default_factory=dict)


def choose(folders: Sequence[Path], paper: bool = False, iso: bool = False) -> Chosen:
    """The run below these folders (or of these results files); RunError when there is none.

    With `paper` a run of the paper's own tasks, with `iso` one of sentences alone is taken where
    there is none of the cells.
    """
    below = [list(_runs(folder)) for folder in folders]
    has_cells, has_paper, has_iso = (
        any(_tasks(run, prefix) for runs in below for run in runs)
        for prefix in (CELLS, PAPER, ISO_PREFIX)
    )
    if not (has_cells or (iso and has_iso) or (paper and has_paper)):
        raise RunError(
            f"no samples of uni_safe tasks below {', '.join(map(str, folders))}; "
            "run lmms_eval with --output_path and --log_samples"
            + (_ONLY_PAPER if has_paper else "")
            + (_ONLY_ISO if has_iso else "")
        )
    if not has_cells and not (iso and has_iso):
        return _chosen(folders, below, PAPER)
    chosen = _with_sentences(folders, below)
    if has_paper and paper:
        aside = "there is a run of uni_safebench tasks, too: give its results file to read that"
        return replace(chosen, notes=(*chosen.notes, aside))
    return chosen


_ONLY_PAPER = (
    " (runs of the paper's own uni_safebench tasks are read by `uni-safe report`, `rejudge` and "
    "`reference` only)"
)
_ONLY_ISO = (
    " (runs of unisafe_iso tasks alone are read by `uni-safe report`, `compare --modalities`, "
    "`rejudge` and `doctor` only)"
)


def _with_sentences(folders: Sequence[Path], below: Sequence[Sequence[RunFiles]]) -> Chosen:
    """The run of the cells and, beside it, of the sentences: of one model, each by itself."""
    for folder, runs in zip(folders, below, strict=True):
        _require_one_model(folder, [r for r in runs if _tasks(r, CELLS) or _tasks(r, ISO_PREFIX)])
    cells, sentences = (_chosen(folders, below, prefix) for prefix in (CELLS, ISO_PREFIX))
    seen = {id(run): run for run in (*cells.results, *sentences.results)}
    return Chosen(
        samples=cells.samples,
        results=tuple(sorted(seen.values(), key=lambda run: run.date)),
        notes=tuple(dict.fromkeys((*cells.notes, *sentences.notes))),
        sentences=sentences.samples,
    )


def _chosen(folders: Sequence[Path], below: Sequence[Sequence[RunFiles]], prefix: str) -> Chosen:
    """The one run of tasks whose names begin with `prefix`."""
    found = [[run for run in runs if _tasks(run, prefix)] for runs in below]
    every = sorted((run for runs in found for run in runs), key=lambda run: run.date)
    for folder, runs in zip(folders, found, strict=True):
        _require_one_model(folder, runs)
    newest = {task: run for run in every for task in _tasks(run, prefix)}
    _require_apart(newest, every, prefix)
    _require_one_attack(every)
    used = [run for run in every if any(run is one for one in newest.values())]
    samples = {task: run.samples[task] for task, run in sorted(newest.items())}
    return Chosen(samples, tuple(used), tuple(_notes(every, newest, prefix)), prefix == PAPER)


def _runs(folder: Path) -> Iterable[RunFiles]:
    try:
        if folder.is_file() and folder.suffix == ".json":
            return [opened(folder)]
        if not folder.is_dir():
            raise RunError(f"{folder} is no folder; give the --output_path of a run")
        return list(find(folder))
    except FileError as error:
        raise RunError(str(error)) from None


def _tasks(run: RunFiles, prefix: str) -> list[str]:
    return [task for task in run.samples if task.startswith(prefix)]


def model_of(run: RunFiles) -> str:
    """A run's model as it was named, without secrets."""
    arguments = redacted(str(run.config.get("model_args") or ""))
    return f"{run.config.get('model') or 'unknown'} {arguments}".strip()


def _who(run: RunFiles) -> tuple[Any, ...]:
    """What two runs of one model have in common."""
    pairs = (pair.partition("=") for pair in str(run.config.get("model_args") or "").split(","))
    return str(run.config.get("model")), tuple(sorted((k, v) for k, _, v in pairs if k in _WHO))


def _recipe(run: RunFiles) -> str:
    arguments = run.config.get("resolved_cli_args")
    return str(arguments.get("config") or "") if isinstance(arguments, dict) else ""


def _require_one_model(folder: Path, runs: Sequence[RunFiles]) -> None:
    """RunError where runs in one folder are of several models; a recipe's phases are of one."""
    known = [run for run in runs if run.results is not None]
    recipes = {_recipe(run) for run in known}
    if len(recipes) == 1 and recipes != {""}:
        return
    models = {_who(run): run for run in known}
    if len(models) > 1:
        named = "; ".join(f"{model_of(run)} ({run.where})" for run in models.values())
        raise RunError(
            f"{folder} holds runs of {len(models)} models, and a mean over them would be nobody's: "
            f"{named}. Give the folder, or the results file, of one"
        )


def attack_of(run: RunFiles) -> str:
    """The attack that a results file names, "" where it names none."""
    ours = run.loaded.get("uni_judger")
    said = ours.get("attack") if isinstance(ours, dict) else None
    return str(said.get("name") or "") if isinstance(said, dict) else ""


def _require_one_attack(every: Sequence[RunFiles]) -> None:
    """RunError where some runs of a folder were made under an attack that others were not under."""
    under = {attack_of(run): run.where for run in every if run.results is not None}
    if len(under) > 1:
        named = "; ".join(f"{name or 'no attack'} ({where})" for name, where in under.items())
        raise RunError(
            f"runs under several attacks are not one run: {named}. Give the folder, or the "
            "results file, of one"
        )


def _require_apart(newest: Mapping[str, RunFiles], every: Sequence[RunFiles], prefix: str) -> None:
    """RunError where two models, or two phases of a recipe, were asked the same cell."""
    for run in every:
        for task in _tasks(run, prefix):
            other = newest.get(task, run)
            if other.results and run.results and _who(other) != _who(run):
                raise RunError(
                    f"{task} was run by {model_of(run)} ({run.where}) and by {model_of(other)} "
                    f"({other.where}); give the folder, or the results file, of one"
                )


def _notes(every: Sequence[RunFiles], newest: Mapping[str, RunFiles], prefix: str) -> Iterable[str]:
    """A line for each run of which cells were run again later."""
    for run in every:
        again = [task for task in _tasks(run, prefix) if newest.get(task) not in (None, run)]
        if again:
            later = newest[again[0]]
            yield (
                f"{len(again)} cells were run twice, for example {again[0]}: the newest counts "
                f"({later.date:%Y-%m-%d %H:%M} UTC, {later.where.name}), not "
                f"{run.date:%Y-%m-%d %H:%M} UTC, {run.where}"
            )
    if alone := [run.where for run in every if run.results is None]:
        yield f"{alone[0]} has no results file: that run was cut off, or its files were moved"
