"""From one scenario row to the document of one task type.

A document is flat and holds what prompt, hooks and judge need: the rendered prompt, absolute paths
of its media ("" where there is none) and the facts of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from uni_safe_tasks.attacks.chosen import Attack, chosen
from uni_safe_tasks.attacks.wrap import wrapped
from uni_safe_tasks.scenario.locations import DATA, data_version
from uni_safe_tasks.scenario.rows import MEDIA_FIELDS
from uni_safe_tasks.suite.capabilities import declared, unsupported
from uni_safe_tasks.suite.describe import media_text, speaks
from uni_safe_tasks.suite.prompts import render


def document(
    task_type: str, row: Mapping[str, Any], index: int, attack: Attack | None = None
) -> dict[str, Any]:
    """One document, under an attack or as it is.

    PromptError or FileNotFoundError names the item, SettingsError a capability.
    """
    form = row[task_type]
    item_id = f"{row['id']}.{task_type}"
    media = {field: form.get(field) or "" for field in MEDIA_FIELDS}
    for field, path in media.items():
        if path and not (DATA / path).is_file():
            raise FileNotFoundError(
                f"{item_id}: {field} file data/{path} is missing (run `make media`)"
            )
    facts = {
        "item_id": item_id,
        "scenario": row["id"],
        "row": index,
        "kind": row["kind"],
        "category": row["category"],
        "subcategory": row["subcategory"],
        "lang": row["lang"],
        "task_type": task_type,
        "intent": row["intent"],
        "answer": row["answer"],
        "prompt": render(task_type, item_id, form),
        "media_text": media_text(task_type, form),
        "spoken": speaks(task_type, form),
        "data_version": data_version(),
        **{field: str(DATA / path) if path else "" for field, path in media.items()},
    }
    cannot = ""
    if attack is not None:
        facts |= wrapped(attack, facts)
        cannot = str(facts.pop("cannot"))
    return facts | {"unsupported": cannot or unsupported(facts, declared())}


def documents_of(task_type: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All documents of a task type as a run asks them (`UNI_SAFE_ATTACK`), in the rows' order.

    Rows without that form are left out. SettingsError where there is no such attack.
    """
    attack = chosen()
    having = [row for row in rows if row[task_type] is not None]
    return [document(task_type, row, index, attack) for index, row in enumerate(having)]
