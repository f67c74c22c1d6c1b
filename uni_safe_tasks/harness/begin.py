"""What happens first when a task of ours is built: is there a judge, and is the harness watched?

Every `process_docs` of the suite calls it. Under lm-eval there is no lmms-eval to be watched.
"""

from __future__ import annotations

import sys

from judger.bridges.harness import preflight


def begin() -> None:
    """SettingsError where there is no judge, or where this lmms-eval cannot be watched."""
    if "lmms_eval.evaluator" in sys.modules:
        from uni_safe_tasks.harness.patches import evaluate

        evaluate.install()
    preflight()
