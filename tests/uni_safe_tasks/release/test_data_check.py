"""`uni-safe data validate`: a sound folder has no fault, a broken one is named file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.uni_safe_tasks.mini_data import Row, put, rows, write
from uni_safe_tasks.release.validate_data import faults
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import MANIFEST, paths
from uni_safe_tasks.scenario.schema import Scenario

CATEGORY = "privacy_leak"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "data")


def test_a_sound_folder(folder: Path) -> None:
    assert list(faults(folder)) == []


def test_the_shipped_data_are_sound() -> None:
    assert list(faults(DATA)) == []


def harmful(**changes: object) -> list[Row | str]:
    first, *rest = rows(CATEGORY)
    return [{**first, **changes}, *rest]


def benign(**changes: object) -> list[Row | str]:
    first, second, third = rows(CATEGORY)
    return [first, {**second, **changes}, third]


def scene(**changes: object) -> Row:
    """A film of two shots of one thing, with something changed."""
    thing = {"sign": "🐕", "what": "a dog", **changes}
    shot = {"kind": "scene", "title": "park", "things": [thing]}
    form: Row = rows(CATEGORY)[0]["video_analysis"]
    return {**form, "storyboard": [shot, {**shot, "motion": "pan"}], "order_matters": True}


def other_form() -> Row:
    form: Row = rows(CATEGORY)[0]["image_understanding"]
    return {**form, "image": "media/privacy_leak/other.webp"}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["{", *rows(CATEGORY)[1:]], "privacy_leak.jsonl:1: row: Invalid JSON"),
        (harmful(intent="short"), "privacy_leak.jsonl:1: row: Value error, intent has under 12"),
        (harmful(surprise=1), "privacy_leak.jsonl:1: surprise: Extra inputs"),
        (
            [*rows(CATEGORY), rows(CATEGORY)[0]],
            "privacy_leak.jsonl:4: id: 'ID' stands on privacy_leak.jsonl:1, too",
        ),
        (benign(twin_of="pri-h99"), "privacy_leak.jsonl:2: twin_of: 'pri-h99' is no harmful row"),
        (
            benign(twin_of=rows("biased_opinion")[0]["id"]),
            "privacy_leak.jsonl:2: twin_of: 'bia-",
        ),
        (rows(CATEGORY)[::2], "privacy_leak.jsonl:1: ID has no twin"),
        (harmful(severity=0), "privacy_leak.jsonl:1: row: Value error, harmful rows have a sever"),
        (harmful(severity=4), "privacy_leak.jsonl:1: severity: Input should be less than or"),
        (benign(severity=1), "privacy_leak.jsonl:2: row: Value error, harmful rows have a sever"),
        (
            benign(audio_processing=rows(CATEGORY)[0]["audio_processing"]),
            "privacy_leak.jsonl:2: audio_processing: the same as in ID",
        ),
        (
            benign(image_understanding={**rows("biased_opinion")[0]["image_understanding"]}),
            "privacy_leak.jsonl:2: image_understanding: words and medium differ from ID",
        ),
        (
            harmful(video_analysis=scene(tone="dark")),
            "privacy_leak.jsonl:1: video_analysis: shot 1: things[0]: 🐕 takes no skin tone",
        ),
        (
            harmful(video_analysis=scene(sign="dog")),
            "privacy_leak.jsonl:1: video_analysis: shot 1: things[0]: sign: 'dog' is not an emoji",
        ),
        (
            harmful(video_analysis=scene()),
            "privacy_leak.jsonl:1: video_analysis: order_matters, and all shots are the same",
        ),
        (
            harmful(video_analysis=scene(does="goes_to")),
            "privacy_leak.jsonl:1: video_analysis.storyboard.0.things.0: Value error, `to` stands",
        ),
        (
            harmful(video_analysis=scene(does="goes_to", to=2)),
            "privacy_leak.jsonl:1: video_analysis.storyboard.0: Value error, things[0]: goes to 2",
        ),
        (
            [*rows(CATEGORY), {**rows(CATEGORY)[1], "id": "pri-b98"}],
            "privacy_leak.jsonl:4: twin_of: 'ID' has a twin on privacy_leak.jsonl:2",
        ),
        (
            harmful(image_understanding=other_form()),
            "privacy_leak.jsonl:1: image_understanding: names ['media/privacy_leak/other.webp']",
        ),
        (
            [{**rows(CATEGORY)[0], "id": "pri-h97"}, *rows(CATEGORY)[1:]],
            "privacy_leak.jsonl:1: audio_processing: names ['media/privacy_leak/ID.",
        ),
    ],
)
def test_a_broken_row_is_named(folder: Path, lines: list[Row | str], says: str) -> None:
    put(folder, CATEGORY, lines)
    says = says.replace("ID", rows(CATEGORY)[0]["id"])
    found = list(faults(folder))
    assert any(fault.startswith(says) for fault in found), found


def picture(folder: Path) -> Path:
    return folder / paths(Scenario.model_validate(rows(CATEGORY)[0]))["image_understanding"]


def unlist(folder: Path) -> None:
    listed = json.loads((folder / MANIFEST).read_text())
    listed.pop(picture(folder).relative_to(folder).as_posix())
    (folder / MANIFEST).write_text(json.dumps(listed))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda f: picture(f).unlink(), "privacy_leak.jsonl:1: image_understanding: media/priv"),
        (lambda f: picture(f).write_bytes(b"x"), "image_understanding.webp: differs from the man"),
        (unlist, "does not stand in media/MANIFEST.json"),
        (lambda f: put(f, CATEGORY, rows(CATEGORY)[:2]), ".webp: no row uses it"),
        (lambda f: (f / f"media/{CATEGORY}/stray.png").write_bytes(b"x"), ""),
        (lambda f: (f / f"media/{CATEGORY}/stray.webp").write_bytes(b"x"), "stray.webp: unlisted"),
        (lambda f: (f / MANIFEST).unlink(), "media/MANIFEST.json: "),
        (lambda f: (f / MANIFEST).write_text("[1"), "media/MANIFEST.json: "),
        (lambda f: (f / "privacy_leak.jsonl").unlink(), "privacy_leak.jsonl: the file is missing"),
        (lambda f: (f / "privacy_leak.jsonl").write_bytes(b"\xff"), "privacy_leak.jsonl: not UTF"),
        (lambda f: (f / "VERSION").unlink(), "CONTENT.json or VERSION: "),
        (lambda f: (f / "VERSION").write_text("1.1.0"), "is of version '1.0.0', VERSION says"),
        (lambda f: (f / "CONTENT.json").unlink(), "CONTENT.json: is of version None"),
        (lambda f: (f / "CONTENT.json").write_text("{"), "CONTENT.json or VERSION: "),
        (lambda f: put(f, CATEGORY, harmful(lang="de")), "privacy_leak.jsonl: is not what version"),
    ],
)
def test_broken_files_are_named(folder: Path, harm: Callable[[Path], object], says: str) -> None:
    harm(folder)
    found = list(faults(folder))
    assert any(says in fault for fault in found) if says else found == [], found
    assert all("\n" not in fault for fault in found)
