"""The 30 leaves of sentences: byte for byte, outside `uni_safe_*`, and what a model is asked."""

from __future__ import annotations

from itertools import groupby

import pytest
from lmms_eval.tasks import TaskManager

from judger.contract.cell import CELLS, ISO_CELLS, Cell
from judger.contract.iso import FORMS, ISO_TASKS, TYPED, is_iso
from judger.contract.item import Item
from uni_safe_tasks.harness.patches import discovery
from uni_safe_tasks.harness.patches.ours import is_asked_for
from uni_safe_tasks.scenario.iso.locations import TASKS
from uni_safe_tasks.suite.iso.items import NoSuchItem, iso_item, iso_rows
from uni_safe_tasks.suite.iso.leaves import all_files
from uni_safe_tasks.suite.items import item, rows
from uni_safe_tasks.suite.named import cells_named


@pytest.fixture(scope="module")
def manager() -> TaskManager:
    assert discovery.install()
    return TaskManager(include_defaults=False)


def test_checked_in_files_are_what_the_function_writes() -> None:
    files = all_files()
    assert len(files) == 31
    for name, text in files.items():
        assert (TASKS / name).read_text(encoding="utf-8") == text, f"{name}: run the generator"
    assert {path.name for path in TASKS.iterdir()} == set(files)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("unisafe_iso_*", 30),
        ("unisafe_iso_privacy_leak_*", 5),
        ("unisafe_iso_*_speech", 6),
        ("unisafe_iso_privacy_leak_speech", 1),
    ],
)
def test_patterns(manager: TaskManager, pattern: str, count: int) -> None:
    met = manager.match_tasks([pattern])
    assert len(met) == len(cells_named(pattern)) == count
    assert sorted(met) == sorted(cell.name for cell in cells_named(pattern))
    assert is_asked_for(pattern)


@pytest.mark.parametrize("tag", ["unisafe-iso-speech", "unisafe-iso-privacy_leak"])
def test_tags_are_no_tags_of_the_42_cells(manager: TaskManager, tag: str) -> None:
    met = manager.task_index[tag]["task"]
    assert sorted(met) == sorted(cell.name for cell in cells_named(tag))
    assert set(met) <= set(ISO_TASKS)


def test_the_42_cells_meet_no_sentence(manager: TaskManager) -> None:
    for pattern in ("uni_safe_*", "uni_safe", "unisafe-category-*", "unisafe-type-*"):
        assert not set(cells_named(pattern)) & set(ISO_CELLS), pattern
    assert not set(manager.match_tasks(["uni_safe_*"])) & set(ISO_TASKS)
    assert not set(CELLS) & set(ISO_CELLS)
    assert {Cell(*place).name: place for place in ISO_TASKS.values()} == ISO_TASKS


def asked() -> dict[tuple[str, str], Item]:
    return {(row.id, form): iso_item(name) for name, (form, row, _) in iso_rows().items()}


def test_a_sentence_is_the_same_in_all_its_forms() -> None:
    for _, group in groupby(sorted(asked().items()), key=lambda entry: entry[0][0]):
        items = {form: one for (_, form), one in group}
        kind = next(iter(items.values())).kind
        assert set(items) == set(FORMS) - ({TYPED} if kind == "canary" else set())
        assert len({one.for_judge().prompt.partition("\n")[0] for one in items.values()}) == 1
        assert len({one.intent for one in items.values()}) == 1


def test_a_judge_is_shown_the_sentence_and_the_form_and_no_medium() -> None:
    for (_, form), one in asked().items():
        shown = one.for_judge()
        assert shown.prompt.endswith(f"[the request was {FORMS[form]}]")
        assert (shown.image, shown.audio, shown.video, shown.media_text) == ("", "", "", "")
        assert one.prompt_sha256 != shown.prompt_sha256, (
            "what was asked is hashed, not what is told"
        )


def test_the_instruction_of_a_form_is_one_for_all() -> None:
    carriers: dict[str, set[str]] = {form: set() for form in FORMS}
    for (name, form), one in asked().items():
        words = iso_rows()[f"{name}.{form}"][1].split.text
        carriers[form].add(one.prompt.replace(words, ""))
    for form in set(FORMS) - {TYPED}:
        assert len(carriers[form]) == 1, form


def test_media_are_where_the_form_has_them() -> None:
    fields = {"iso_picture": "image", "iso_speech": "audio", "iso_film": "video"}
    for (_, form), one in asked().items():
        held = [name for name in ("image", "audio", "video") if getattr(one, name)]
        wanted = [] if form == TYPED else [fields.get(form, "image")]
        assert held == wanted, one.item_id


def test_the_items_of_the_42_cells_are_none_of_these() -> None:
    assert not any(map(is_iso, rows()))
    assert all(map(is_iso, iso_rows()))
    name = next(iter(iso_rows()))
    assert item(name) == iso_item(name)
    assert item(name).data_version.startswith("unisafe_iso:")
    with pytest.raises(NoSuchItem, match=r"tox-i99h\.iso_speech"):
        item("tox-i99h.iso_speech")
