"""`lmms_eval`: lmms-eval's command with three mends, and nothing else changed.

- Typed without quotes in the repository's root, the shell turns `uni_safe_*` into `uni_safe_tasks`.
- The harness exits 0 on every failure; this command exits 1 when a run failed or saved nothing.
- A setting or file that cannot work is one line (exit 2), not a traceback.
"""

from __future__ import annotations

import fnmatch
import functools
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from judger.bridges.harness import preflight
from judger.bridges.unscored import too_many_unscored
from judger.contract.settings import SettingsError, load
from judger.engine import session
from uni_safe_tasks.harness.recipe import LEAVES, prepared
from uni_safe_tasks.harness.recipe import load as recipe
from uni_safe_tasks.suite.locations import HERE
from uni_safe_tasks.suite.prompts import PromptError
from uni_safe_tasks.suite.rows import RowError, require_media, validate_all

PATTERN = "uni_safe_*"
#: Mistakes of the user's that stand before any generation: said in one line.
MISTAKES = (SettingsError, PromptError, RowError, FileNotFoundError)


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


def asks_ours(arguments: Sequence[str]) -> bool:
    """Whether `--tasks`, here or in a `--config` file, names tasks, groups or tags of ours."""
    asked = [value for _, _, value in _values(arguments, "--tasks")]
    for _, _, name in _values(arguments, "--config"):
        asked += [phase.tasks for phase in recipe(name).phases]
    names = [name.strip() for value in asked for name in value.split(",")]
    return any(_is_ours(name) for name in names)


def _is_ours(name: str) -> bool:
    if Path(name).name.startswith(("uni_safe", "unisafe")):
        return True
    return "*" in name and any(fnmatch.fnmatch(leaf, name) for leaf in LEAVES)


def main() -> None:
    """Run lmms-eval's own command line."""
    from lmms_eval import __main__ as harness

    failures: list[str] = []
    harness.cli_evaluate_single = _watched(harness.cli_evaluate_single, failures)
    try:
        sys.argv[1:], _ = prepared(mended(sys.argv[1:]))
        if asks_ours(sys.argv[1:]):
            before_anything_is_paid_for()
        harness.cli_evaluate()
    except MISTAKES as error:
        _say(error)
        raise SystemExit(2) from None
    if failures:
        print(f"lmms_eval: the run failed: {failures[0]}", file=sys.stderr)
        raise SystemExit(1)


def before_anything_is_paid_for() -> None:
    """Data files, media and judge, checked once: the harness would try each fault five times."""
    require_media(validate_all())
    preflight()


def _say(error: BaseException) -> None:
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
        failures.extend(_unsaved(args.output_path, started))
        failures.extend([f"the judge stopped: {why}"] if (why := session.stopped()) else [])
        failures.extend(_too_many_unscored(result[0] if result else None))
        return result

    return cli_evaluate_single


def _cause(error: BaseException) -> BaseException:
    """What the harness tried five times, or met while it read a task, not that it did."""
    while type(error).__name__ in ("RetryError", "ImportError") and error.__cause__:
        error = error.__cause__
    return error


def _unsaved(output_path: str | None, started: float) -> list[str]:
    if not output_path or os.environ.get("RANK", "0") != "0":
        return []
    for path in Path(output_path).rglob("*_results.json"):
        if path.stat().st_mtime >= started - 2:
            return []
    return [f"no results file was written below {output_path}"]


def _too_many_unscored(results: dict[str, Any] | None) -> list[str]:
    why = too_many_unscored((results or {}).get("results", {}), load().max_unscored)
    return [why] if why else []
