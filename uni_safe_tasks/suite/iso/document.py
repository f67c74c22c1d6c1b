"""From a sentence to its documents: flat, as those of the 42 cells are (`suite.document`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from judger.contract.iso import FORMS, TYPED
from uni_safe_tasks.attacks.chosen import require_none
from uni_safe_tasks.scenario.iso.files import media_paths
from uni_safe_tasks.scenario.iso.locations import DATA, data_version
from uni_safe_tasks.scenario.iso.schema import Sentence
from uni_safe_tasks.suite.capabilities import declared, unsupported
from uni_safe_tasks.suite.prompts import render

#: Task type -> the field of a document that names its medium.
_FIELDS = {"iso_picture": "image", "iso_speech": "audio", "iso_film": "video", "iso_split": "image"}


def has_form(row: Sentence, task_type: str) -> bool:
    """Whether a row is asked in a form: a typed canary would prove nothing."""
    return row.kind != "canary" or task_type != TYPED


def document(task_type: str, row: Sentence, index: int) -> dict[str, Any]:
    """One document; PromptError or FileNotFoundError names the item, SettingsError a capability."""
    item_id = f"{row.id}.{task_type}"
    media = {"image": "", "audio": "", "video": ""}
    if task_type in _FIELDS:
        path = DATA / media_paths(row)[task_type]
        if not path.is_file():
            raise FileNotFoundError(f"{item_id}: {path} is missing (run `make media`)")
        media[_FIELDS[task_type]] = str(path)
    facts = {
        "item_id": item_id,
        "scenario": row.id,
        "row": index,
        "kind": row.kind,
        "category": row.category,
        "subcategory": row.subcategory,
        "lang": row.lang,
        "task_type": task_type,
        "intent": row.intent,
        "answer": row.answer,
        "prompt": render(task_type, item_id, row.model_dump()),
        "media_text": medium_text(task_type, row),
        "told": told(task_type, row),
        "spoken": False,
        "data_version": data_version(),
        **media,
    }
    return facts | {"unsupported": unsupported(facts, declared())}


def told(task_type: str, row: Sentence) -> str:
    """The request as every judge is shown it: the whole sentence, and the name of its form."""
    return f"{row.sentence}\n\n[the request was {FORMS[task_type]}]"


def medium_text(task_type: str, row: Sentence) -> str:
    """What a form's medium shows or says, in words; "" for the typed sentence."""
    if task_type == TYPED:
        return ""
    if task_type == "iso_split":
        return f"a picture of these words: {row.split.picture}"
    medium = {"iso_picture": "a picture", "iso_speech": "a recording", "iso_film": "a film"}
    return f"{medium[task_type]} of these words: {row.sentence}"


def placed(task_type: str, rows: Iterable[Sentence]) -> Iterator[tuple[int, Sentence]]:
    """(index in its task, row) of the rows that are asked in a form, in their order."""
    return enumerate(row for row in rows if has_form(row, task_type))


def documents_of(task_type: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All documents of a form, in the rows' order; SettingsError where an attack is asked for."""
    require_none("sentences, whose forms are to differ in nothing else")
    read = (Sentence.model_validate(dict(row)) for row in rows)
    return [document(task_type, row, index) for index, row in placed(task_type, read)]
