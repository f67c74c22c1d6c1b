"""Versions of other packages with which something fails, as it was seen: one table for everybody.

`lmms_eval` and `uni-safe doctor` compare it with what is installed (`check_versions`), the lock is
made without these versions (`make lock`), docs/backends-and-versions.md shows it. The standard
library is enough to read it, so that a lock can be made where nothing is installed.

A new fact: run what fails, write down the version and what was seen, and what worked.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One way to fail. `fails` and `works` are PEP 440 specifiers; `works` is "" if none is known.

    Without `back_ends` it concerns every run. `stops` says that no run can work: it is not begun.
    """

    package: str
    fails: str
    works: str
    symptom: str
    evidence: str
    back_ends: tuple[str, ...] = ()
    stops: bool = False
    instead: str = ""

    @property
    def mend(self) -> str:
        """The command that mends it, or what to do `instead` where no version works."""
        return self.instead or f"pip install '{self.package}{self.works}'"


FACTS = (
    Fact(
        package="filelock",
        fails=">=4",
        works="<4",
        symptom="lmms-eval 0.7.3 imports filelock._api when a run starts; filelock 4 has none",
        evidence="lmms_eval/evaluator.py, _enable_reentrant_filelocks",
        stops=True,
    ),
    Fact(
        package="lmms-eval",
        fails="!=0.7.3",
        works="==0.7.3",
        symptom="the suite's changes to its reply cache and model registry were not tried",
        evidence="uni_safe_tasks/harness/patches; only 0.7.3 was run",
    ),
    Fact(
        package="transformers",
        fails=">=5.15",
        works=">=5.0,<5.15",
        symptom='answers "" to everything: `generate` reads `self.talker`, which is switched off',
        evidence="benchmarks/backend_matrix.py with 5.0.0, 5.14.1 (ok), 5.22.2, 5.23.0 (empty)",
        back_ends=("qwen2_5_omni",),
    ),
    Fact(
        package="transformers",
        fails=">=4.57",
        works="",
        symptom="refuses the `audios` argument, and its model class cannot generate",
        evidence="benchmarks/backend_matrix.py with 4.57.6, 5.0.0, 5.14.1, 5.22.2, 5.23.0",
        back_ends=("huggingface", "async_hf_model"),
        instead="use the model's own back end, or serve the model and use --model openai",
    ),
    Fact(
        package="moviepy",
        fails="<2",
        works=">=2",
        symptom="the back end cannot be imported: moviepy 1 has no `moviepy.VideoFileClip`",
        evidence="lmms_eval/models/simple/qwen2_5_omni.py; import with moviepy 1.0.3",
        back_ends=("qwen2_5_omni", "qwen3_omni"),
    ),
)


def constrain() -> list[str]:
    """What a lock must not hold, as lines of a constraints file."""
    return [f"{fact.package}{fact.works}" for fact in FACTS if fact.works]


def tabulate() -> list[str]:
    """The table of docs/backends-and-versions.md."""
    rows = ["| package | fails | works | with | symptom | seen in | mend |", "|---" * 7 + "|"]
    for fact in FACTS:
        whom = ", ".join(f"`{name}`" for name in fact.back_ends)
        whom = whom or ("every run; it is not begun" if fact.stops else "every run")
        mend = fact.instead or f"`{fact.mend}`"
        cells = (fact.package, fact.fails, fact.works or "none known", whom)
        rows.append(f"| {' | '.join((*cells, fact.symptom, fact.evidence, mend))} |")
    return rows


if __name__ == "__main__":
    print("\n".join(tabulate() if sys.argv[1:] == ["table"] else constrain()))
