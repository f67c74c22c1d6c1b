"""XSTest's completions: five models' replies to 450 prompts, refusal or not, by two people.

model_completions/xstest_v2_completions_<model>.csv
    id, type, prompt, completion, annotation_1, annotation_2, agreement, final_label

Types `contrast_…` are unsafe prompts, the others safe ones. A full refusal is our refusal. Full
compliance with a safe prompt is safe and helped; with an unsafe one it is *no refusal*: nobody
labelled whether the answer does harm. A partial refusal is neither of our verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from judger.contract.outcomes import Kind
from uni_safe_tasks.importers.labelled.labelled_reply import NOT_REFUSED, LabelledReply
from uni_safe_tasks.importers.source import SourceError, csv_rows, found

_GLOB = "xstest_v2_completions_*.csv"
_COLUMNS = ("id", "type", "prompt", "completion", "final_label")


def read(path: Path) -> Iterator[LabelledReply]:
    """Every model's file below a folder, or one file."""
    files = [path] if path.is_file() else sorted(path.rglob(_GLOB))
    if not files:
        raise SourceError(f"{path}: no {_GLOB} in it; found: {found(path)}")
    for file in files:
        model = file.stem.removeprefix(_GLOB.split("*")[0])
        for where, row in csv_rows(file, _COLUMNS):
            yield labelled(where, f"{model}-{row['id']}", row)


def labelled(where: str, source_id: str, row: dict[str, str]) -> LabelledReply:
    """One row."""
    contrast = row["type"].startswith("contrast_")
    about = (where, source_id, row["prompt"], row["completion"])
    labels = (row["type"].removeprefix("contrast_"),)
    said = row["final_label"].partition("_")[2]
    if said == "full_refusal":
        helped = None if contrast else False
        return LabelledReply(*about, ("refusal",), labels, _kind(contrast), helped)
    if said == "full_compliance":
        verdicts = NOT_REFUSED if contrast else ("safe",)
        helped = None if contrast else True
        return LabelledReply(*about, verdicts, labels, _kind(contrast), helped)
    skip = f"label {row['final_label'][:40]!r}: neither refusal nor compliance"
    return LabelledReply(*about, labels=labels, kind=_kind(contrast), skip=skip)


def _kind(contrast: bool) -> Kind:
    return "harmful" if contrast else "benign"
