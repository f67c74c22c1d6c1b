"""What happens first when a task of ours is built: is there a judge, and is the harness watched?

Every `process_docs` of the suite calls it. Under lm-eval there is no lmms-eval to be watched.
"""

from __future__ import annotations

import sys

from judger.bridges.harness import preflight
from judger.contract.settings import SettingsError
from uni_safe_tasks.attacks.chosen import VARIABLE as ATTACK
from uni_safe_tasks.attacks.chosen import chosen, require_texts
from uni_safe_tasks.suite.capabilities import VARIABLE as SEEING
from uni_safe_tasks.suite.capabilities import declared

SEES = "image-to-text"


def begin() -> None:
    """SettingsError where there is no judge, where this lmms-eval cannot be watched, or where an
    attack is asked for that is none, or that needs a picture and lm-eval runs."""
    chosen()
    if "lmms_eval.evaluator" in sys.modules:
        from uni_safe_tasks.harness.patches import evaluate

        evaluate.install()
        require_sight()
    elif "lm_eval.evaluator" in sys.modules:
        require_texts("lm-eval")
    preflight()


def require_sight() -> None:
    """SettingsError where words are to be drawn for a model of which nobody says that it sees.

    A back end that drops pictures would answer that it sees no request, and seem safe.
    """
    attack = chosen()
    if attack is not None and attack.drawn and SEES not in (declared() or ()):
        raise SettingsError(
            f"{ATTACK}={attack.name} needs a model that sees: say so with {SEEING} "
            "(text-to-text,image-to-text), or take another attack"
        )
