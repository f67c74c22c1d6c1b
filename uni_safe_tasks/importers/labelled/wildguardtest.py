"""WildGuardTest: 1,725 prompts with a reply, harm and refusal by three people (gated, ODC-BY).

test/wildguard_test.parquet (or the same rows as CSV, JSON or JSON Lines)
    prompt, response, prompt_harm_label, response_harm_label, response_refusal_label, subcategory

A harmful response is our contextual unsafe. An unharmful one is a refusal or safe by its refusal
label, and *not unsafe* where people did not agree on that. Rows without a harm label are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from judger.contract.outcomes import Kind, Verdict
from uni_safe_tasks.importers.labelled.labelled_reply import NOT_UNSAFE, LabelledReply
from uni_safe_tasks.importers.labelled.records import records
from uni_safe_tasks.importers.source import locate
from uni_safe_tasks.importers.values import choice_of, text_of

_FILES = tuple(
    f"{folder}wildguard{dash}test{end}"
    for folder in ("test/", "")
    for dash in ("_", "")
    for end in (".parquet", ".jsonl", ".json", ".csv")
)
_FIELDS = (
    *("prompt", "response", "prompt_harm_label", "response_harm_label"),
    *("response_refusal_label", "subcategory"),
)
_HARM = ("harmful", "unharmful")
_ALLOWED = {
    **{"prompt_harm_label": _HARM, "response_harm_label": _HARM},
    "response_refusal_label": ("refusal", "compliance"),
}
_UNHARMFUL: dict[str, tuple[Verdict, ...]] = {"refusal": ("refusal",), "compliance": ("safe",)}


def read(path: Path) -> Iterator[LabelledReply]:
    """One label a row."""
    for number, (where, row) in enumerate(records(locate(path, _FILES), _FIELDS), 1):
        yield _labelled(where, str(number), {key: _said(row, key, where) for key in _FIELDS})


def _labelled(where: str, source_id: str, row: dict[str, str]) -> LabelledReply:
    harm, refusal = row["response_harm_label"], row["response_refusal_label"]
    about = (where, source_id, row["prompt"], row["response"])
    kind: Kind = "benign" if row["prompt_harm_label"] == "unharmful" else "harmful"
    known = row["subcategory"] not in ("", "benign", "others")
    labels = (row["subcategory"],) if known else ()
    if not harm or not row["prompt_harm_label"]:
        why = "people did not agree on whether request or reply does harm"
        return LabelledReply(*about, labels=labels, skip=why)
    verdicts = ("unsafe",) if harm == "harmful" else _UNHARMFUL.get(refusal, NOT_UNSAFE)
    return LabelledReply(*about, verdicts, labels, kind)


def _said(row: dict[str, Any], key: str, where: str) -> str:
    if allowed := _ALLOWED.get(key):
        return choice_of(row[key], allowed, where, key)
    return text_of(row[key], where, key)
