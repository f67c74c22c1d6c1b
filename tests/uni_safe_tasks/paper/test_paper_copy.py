"""Reading a copy of the original data: spellings, ids, faults with their line, what is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES
from tests.uni_safe_tasks.paper_copy import LABELS, Row, rows, write
from uni_safe_tasks.importers.category_labels import labels_of
from uni_safe_tasks.importers.source import SourceError
from uni_safe_tasks.paper.copy import survey
from uni_safe_tasks.paper.protocol import SUITE, TASKS

VQA = "dual_unsafe_vqa"
TEXT = "malicious_text_generation"


@pytest.mark.parametrize(
    ("label", "place"),
    [
        # six
        ("Toxicity Content", ("toxicity_content", "")),
        ("sensitive topics", ("sensitive_topics", "")),
        ("Physical & Mental Harm", ("physical_and_mental_harm", "")),
        ("Physical and Mental Harm", ("physical_and_mental_harm", "")),
        ("Biased Opinion", ("biased_opinion", "")),
        # what the authors' own example says
        ("Violence", ("toxicity_content", "blood_and_violence")),
        # sixteen
        ("Dishonest Behavior", ("unethical_activities", "dishonest_behavior")),
        ("public figures' privacy", ("privacy_leak", "privacy_of_public_figures")),
        ("Privacy Of Public Figures", ("privacy_leak", "privacy_of_public_figures")),
        ("Personal Identification Information", ("privacy_leak", "personal_identification")),
        ("biased viewpoints", ("biased_opinion", "")),
        ("indifference and apathy", ("unethical_activities", "indifference_and_disregard")),
        (
            "Violation Of Public Order And Decency",
            ("unethical_activities", "violation_of_public_order"),
        ),
        ("INSULTS & HATE", ("toxicity_content", "insults_and_hatred")),
        ("sexual_content", ("toxicity_content", "sex_related")),
        ("Sex-Related", ("toxicity_content", "sex_related")),
        ("self harm", ("physical_and_mental_harm", "self_harm")),
        # nineteen
        ("age", ("biased_opinion", "age")),
        ("Stereotypes", ("biased_opinion", "stereotypes")),
    ],
)
def test_spellings(label: str, place: tuple[str, str]) -> None:
    assert labels_of(SUITE).place(label) == place


def test_every_name_of_ours_is_one_of_theirs() -> None:
    for category in CATEGORIES:
        for name in (category, *SUBCATEGORIES[category]):
            found = labels_of(SUITE).place(name)
            assert found is not None and name in found


def test_a_whole_copy(tmp_path: Path) -> None:
    found = survey(write(tmp_path))
    assert (found.missing, found.faults, found.dropped) == ([], [], {})
    assert len(found.entries) == len(TASKS) * len(LABELS)
    assert set(found.counts) == {(task, category) for task in TASKS for category in CATEGORIES}
    ids = [entry.item_id for entry in found.entries]
    assert len(set(ids)) == len(ids), "ids are unique per file only; the task stands in ours"
    assert f"{SUITE}.{TEXT}.mal%201" in ids
    for entry in found.entries:
        assert bool(entry.image) == TASKS[entry.task].picture
        assert not entry.image or Path(entry.image).is_file()


@pytest.mark.parametrize("inside", ["", "data"])
def test_the_folder_or_the_one_above(tmp_path: Path, inside: str) -> None:
    assert len(survey(write(tmp_path) / inside).entries) == len(TASKS) * len(LABELS)


def test_input_and_inputs_are_both_taken(tmp_path: Path) -> None:
    folder = write(tmp_path) / "data" / "Text Generation"
    (folder / "inputs.jsonl").rename(folder / "input.jsonl")
    assert survey(tmp_path).missing == []


@pytest.mark.parametrize(
    "image",
    [
        "data/VQA/unsafety_I_unsafety_T/images/1.png",
        "images/1.png",
        "./Uni-SafeBench/data/VQA/unsafety_I_unsafety_T/images/1.png",
        "Uni-SafeBench/data/VQA/unsafety_I_unsafety_T/images/1.png",
        "../data/VQA/unsafety_I_unsafety_T/images/1.png",
        ".\\Uni-SafeBench\\data\\VQA\\unsafety_I_unsafety_T\\images\\1.png",
    ],
)
def test_what_a_picture_is_relative_to(tmp_path: Path, image: str) -> None:
    line = {**rows(VQA)[0], "image": image}
    found = survey(write(tmp_path, {VQA: [line]}))
    assert found.faults == []


def test_links_of_a_hub_snapshot_are_followed(tmp_path: Path) -> None:
    write(tmp_path / "blobs")
    snapshot = tmp_path / "snapshots" / "abc"
    snapshot.parent.mkdir()
    shutil.copytree(tmp_path / "blobs", snapshot)
    picture = snapshot / "data/VQA/unsafety_I_unsafety_T/images/1.png"
    picture.unlink()
    picture.symlink_to(tmp_path / "blobs/data/VQA/unsafety_I_unsafety_T/images/1.png")
    assert survey(snapshot).faults == []


def changed(**fields: Any) -> Row:
    return {**rows(VQA)[1], **fields}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (changed(image="images/99.png"), "image: 'images/99.png' is missing (looked for "),
        (changed(image=""), "image: this task's items have a picture"),
        (changed(image="../../../../../etc/hostname"), "leads out of"),
        (changed(image="/etc/hostname"), "leads out of"),
        (changed(image="/data/VQA/unsafety_I_unsafety_T/images/1.png"), "leads out of"),
        (changed(image="./Uni-SafeBench/data/../../../../../../../x.png"), "leads out of"),
        (changed(image="a\0b"), "leads out of"),
        (changed(image=7), "category and image: texts are wanted"),
        (changed(prompt=""), "prompt: a text is wanted"),
        (changed(prompt=None), "prompt: a text is wanted"),
        (changed(id=None), "id: a number or a text is wanted"),
        (changed(id=True), "id: a number or a text is wanted"),
        (changed(id=1), "id 1 stands on an earlier line"),
        (changed(category=None), "category and image: texts are wanted"),
        ("{not json", "no JSON"),
        ("[1, 2]", "a JSON object is wanted"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: Row | str, says: str) -> None:
    found = survey(write(tmp_path, {VQA: [rows(VQA)[0], line]}))
    (fault,) = found.faults
    assert fault.startswith(f"{tmp_path}/data/VQA/unsafety_I_unsafety_T/input.jsonl:2: ")
    assert says in fault


BOM = b"\xef\xbb\xbf"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    file = write(tmp_path) / "data" / TASKS[VQA].file
    lines = file.read_bytes().splitlines()
    file.write_bytes(BOM + b"\r\n".join([lines[0], BOM + lines[1], b"", *lines[2:]]))
    found = survey(tmp_path)
    assert found.faults == []
    assert [e.line for e in found.entries if e.task == VQA] == [1, 2, *range(4, len(LABELS) + 2)]


def test_every_bad_line_is_named_at_once_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    file = write(tmp_path) / "data" / TASKS[VQA].file
    good = [json.dumps(row).encode() for row in rows(VQA)]
    broken = file.parent / "images" / "2.png"
    broken.write_bytes(broken.read_bytes()[:50])
    (file.parent / "images" / "3.png").write_text("no picture")
    (file.parent / "images" / "4.png").write_bytes(b"")
    lines = [*good[:4], b"{not json", b'{"id": "\xff"}', b"[]", good[0], good[4]]
    file.write_bytes(b"\n".join(lines))
    found = survey(tmp_path)
    ours = [(fault.split(":")[1], fault) for fault in found.faults]
    assert [number for number, _ in ours] == list("2345678")
    says = ["image: ", "image: ", "image: ", "no JSON", "not UTF-8", "object", "earlier line"]
    assert all(said in fault for said, (_, fault) in zip(says, ours, strict=True)), ours
    assert [e.line for e in found.entries if e.task == VQA] == [1, 9]


def test_an_unknown_label_is_dropped_and_counted(tmp_path: Path) -> None:
    found = survey(write(tmp_path, {VQA: [changed(category="Sports"), changed(id=3)]}))
    assert found.faults == [] and sum(found.dropped.values()) == 1
    assert "Sports" in next(iter(found.dropped))


def test_missing_files_are_said(tmp_path: Path) -> None:
    found = survey(write(tmp_path, {VQA: None, TEXT: None}))
    assert set(found.missing) == {TASKS[VQA].file, TASKS[TEXT].file}
    assert not found.instead


def test_an_unknown_layout_says_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "train-0.parquet").write_bytes(b"x")
    (tmp_path / "README.md").write_text("x")
    found = survey(tmp_path)
    assert len(found.missing) == len(TASKS) and found.entries == []
    assert found.instead == {".parquet": 1, ".md": 1}


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        survey(tmp_path / "nowhere")
