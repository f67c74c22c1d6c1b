"""`lmms_eval`: lmms-eval's command with four mends, and nothing else changed.

- Typed without quotes in the repository's root, the shell turns `uni_safe_*` into `uni_safe_tasks`.
- The harness exits 0 on every failure; this command exits 1 when a run failed or saved nothing.
- A setting, file or version that cannot work is one line (exit 2), not a traceback.
- A run in which the model answered nothing is a failed run, and its likely cause is named.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from judger.bridges.harness import preflight
from judger.contract.errors import UserError
from judger.contract.iso import FORMS
from uni_safe_tasks.attacks.chosen import chosen
from uni_safe_tasks.harness.after_run import Ended, problems, say
from uni_safe_tasks.harness.installed.fit import require_fit, require_harness
from uni_safe_tasks.harness.patches.evaluate import WATCHED
from uni_safe_tasks.harness.patches.ours import is_asked_for
from uni_safe_tasks.harness.recipe import load as recipe
from uni_safe_tasks.harness.recipe import prepared
from uni_safe_tasks.scenario.iso.rows import require_sentences
from uni_safe_tasks.scenario.locations import HERE
from uni_safe_tasks.scenario.rows import require_media, validate_all
from uni_safe_tasks.suite.named import cells_named

PATTERN = "uni_safe_*"
#: Mistakes of the user's that stand before any generation: said in one line.
MISTAKES = (UserError, FileNotFoundError)


def mended(arguments: Sequence[str]) -> list[str]:
    """Arguments in which our folder's name, where tasks are expected, is the pattern again."""
    result = list(arguments)
    for index, name, value in _values(arguments, "--tasks"):
        if _is_our_folder(value):
            result[index] = f"{name}={PATTERN}" if name else PATTERN
    return result


def _values(arguments: Sequence[str], option: str) -> Iterator[tuple[int, str, str]]:
    """(place, `option` where it stands in the same word, value) of each value of an option."""
    for index, argument in enumerate(arguments):
        name, _, value = argument.rpartition("=")
        if name == option or (index and arguments[index - 1] == option):
            yield index, name if name == option else "", value if name == option else argument


def _is_our_folder(value: str) -> bool:
    return Path(value).name == HERE.name and Path(value).resolve() in (HERE, Path.cwd() / HERE.name)


def asked_for(arguments: Sequence[str]) -> list[str]:
    """The names of tasks, patterns and tags of `--tasks`, here or in a `--config` file."""
    asked = [value for _, _, value in _values(arguments, "--tasks")]
    for _, _, name in _values(arguments, "--config"):
        asked += [phase.tasks for phase in recipe(name).phases]
    return [name.strip() for value in asked for name in value.split(",")]


def asks_ours(arguments: Sequence[str]) -> bool:
    """Whether tasks, groups or tags of ours are asked for."""
    return any(map(is_asked_for, asked_for(arguments)))


def asks_sentences(arguments: Sequence[str]) -> bool:
    """Whether tasks of the second suite are asked for: their files have to be there, too."""
    return any(cell.task_type in FORMS for cell in cells_named(",".join(asked_for(arguments))))


def back_ends(arguments: Sequence[str]) -> set[str]:
    """The back ends that `--model`, here or in a `--config` file, names."""
    named = {value for _, _, value in _values(arguments, "--model")}
    for _, _, name in _values(arguments, "--config"):
        named |= {phase.model for phase in recipe(name).phases}
    return named


def main() -> None:
    """Run lmms-eval's own command line."""
    failures: list[str] = []
    try:
        require_harness()
        sys.argv[1:], _ = prepared(mended(sys.argv[1:]))
        ours = asks_ours(sys.argv[1:])
        for warning in require_fit(back_ends(sys.argv[1:])) if ours else ():
            _say(warning)
        from lmms_eval import __main__ as harness  # takes seconds, and may fail with such a version

        harness.cli_evaluate_single = _watched(harness.cli_evaluate_single, failures)
        setattr(harness, WATCHED, True)
        if ours:
            before_anything_is_paid_for(asks_sentences(sys.argv[1:]))
        harness.cli_evaluate()
    except MISTAKES as error:
        _say(error)
        raise SystemExit(2) from None
    if failures:
        say(failures)
        raise SystemExit(1)


def before_anything_is_paid_for(sentences: bool = False) -> None:
    """Attack, data, media and judge, checked once: the harness would try each fault five times."""
    chosen()
    require_media(validate_all())
    if sentences:
        require_sentences()
    preflight()


def _say(error: BaseException | str) -> None:
    print(f"lmms_eval: {' '.join(str(error).split())}", file=sys.stderr)


def _watched(evaluate: Any, failures: list[str]) -> Any:
    """The harness's own function, with what it swallows written down."""

    @functools.wraps(evaluate)
    def cli_evaluate_single(args: Any) -> Any:
        started = time.time()
        try:
            result = evaluate(args)
        except MISTAKES as error:
            _say(error)
            raise SystemExit(2) from None
        except Exception as error:
            cause = _cause(error)
            if isinstance(cause, MISTAKES):
                _say(cause)
                raise SystemExit(2) from None
            failures.append(f"{type(cause).__name__}: {' '.join(str(cause).split())[:300]}")
            raise
        ended = Ended(result[0] if result else None, args.output_path, started, str(args.model))
        failures.extend(problems(ended))
        return result

    return cli_evaluate_single


def _cause(error: BaseException) -> BaseException:
    """What the harness tried five times, or met while it read a task, not that it did."""
    while type(error).__name__ in ("RetryError", "ImportError") and error.__cause__:
        error = error.__cause__
    return error
