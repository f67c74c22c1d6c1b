"""A run with tasks of ours: the back end is watched, the reply cache mended, replies stay raw.

`lmms_eval.evaluator.evaluate` is the one place where back end, tasks and reply cache come together.
In it the *objects* of this run are changed, and put back when it ends; a run without tasks of ours
goes through untouched.
"""

from __future__ import annotations

import inspect
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timezone
from typing import Any

from judger.bridges.delivered import undelivered_cells, undelivered_forms
from judger.contract.settings import SettingsError
from judger.engine.current import current
from uni_safe_tasks.attacks.chosen import chosen
from uni_safe_tasks.harness.after_run import Ended, check_at_exit
from uni_safe_tasks.harness.patches import back_end, reasoning, reply_cache, wrapped
from uni_safe_tasks.harness.patches.ours import tasks_of_ours
from uni_safe_tasks.harness.patches.replace import UnknownHarness, replace
from uni_safe_tasks.harness.served import served

#: What is relied on (0.7.3).
PARAMETERS = ("lm", "task_dict", "response_cache")
#: Set on lmms-eval's command line where our command runs it.
WATCHED = "_uni_safe_launch"
#: So many lines on a back end are kept in a results file.
MOST_FAULTS = 50


def install() -> None:
    """Idempotent; SettingsError where lmms-eval is not as we know it: nothing would be watched."""
    try:
        replace("lmms_eval.evaluator", "evaluate", _watched, PARAMETERS)
    except UnknownHarness as error:
        raise SettingsError(
            f"{error}; replies could not be told apart: pip install 'lmms-eval==0.7.3'"
        ) from None


def _watched(original: Any) -> Any:
    signature = inspect.signature(original)

    def evaluate(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        ours = dict(tasks_of_ours(given["task_dict"]))
        if not ours:
            return original(*args, **kwargs)
        session, started = current(), time.time()
        state = session.state
        state.begin()
        session.answers.forget()  # another back end is asked from here on
        with ExitStack() as mends:
            for task in ours.values():
                mends.enter_context(reasoning.kept_raw(task))
                mends.enter_context(wrapped.hooked(task))
            cache = given.get("response_cache")
            mends.enter_context(back_end.watched(given["lm"], set(ours), state.traffic))
            if cache is not None:
                mends.enter_context(reply_cache.mended(cache, set(ours), state.traffic))
            results = original(*args, **kwargs)
        if results is not None:  # only the first process has any
            now = datetime.now(timezone.utc).isoformat(timespec="seconds")
            traffic = state.whole_traffic()
            results["uni_judger"] = {
                "finished": now,
                "traffic": traffic.to_json(),
                "faults": traffic.faults[:MOST_FAULTS],
                "served": served(getattr(given.get("cli_args"), "model_args", None)),
            }
            if attack := chosen():
                results["uni_judger"]["attack"] = {"name": attack.name, "sha256": attack.sha256}
            for why in undelivered_cells(results.get("results", {})):
                print(f"Uni-SafeBench: cannot be ranked: {why}", file=sys.stderr)
            for why in undelivered_forms(results.get("results", {})):
                print(f"Uni-SafeBench: no gap is claimed of {why}", file=sys.stderr)
            _check_later(results, given.get("cli_args"), started)
        return results

    return evaluate


def _check_later(results: dict[str, Any], arguments: Any, started: float) -> None:
    """Have the run checked when lmms-eval's own command ends; ours checks it itself."""
    if arguments is not None and not hasattr(sys.modules.get("lmms_eval.__main__"), WATCHED):
        model = str(getattr(arguments, "model", ""))
        check_at_exit(Ended(results, getattr(arguments, "output_path", None), started, model))
