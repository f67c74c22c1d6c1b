"""Several runs in one folder: one model's newest counts, two models are never one mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import Record
from leaderboard.runs.choose import RunError
from leaderboard.runs.read import load_run
from leaderboard.runs.rejudge import Logged
from tests.leaderboard.made import record, write

TEXT, DRAWN = "text_generation", "image_generation"


def made(*types: str, letter: str = "s") -> list[Record]:
    return [record("privacy_leak", 1, one, letter) for one in types or (TEXT,)]


def run(
    folder: Path,
    finished: str,
    model: str = "m",
    arguments: str = "",
    records: Sequence[Record] = (),
    name: str = "",
    **cli: Any,
) -> Path:
    """One run, ended at `finished`; `name` is the date in its files' names."""
    write(folder, records or made())
    (path,) = folder.glob("*_results.json")
    loaded = json.loads(path.read_text())
    loaded["uni_judger"] = {"finished": f"{finished}T00:00:00+00:00"}
    loaded["config"] = {"model": model, "model_args": arguments, "resolved_cli_args": cli}
    path.write_text(json.dumps(loaded))
    for file in [p for p in folder.iterdir() if p.is_file()]:
        end = file.name.split("_", 2)[2]
        file.rename(folder / f"{name or finished.replace('-', '') + '_000000'}_{end}")
    return folder


def test_the_newest_counts_by_the_date_inside_whatever_the_names_say(tmp_path: Path) -> None:
    run(tmp_path / "a", "2026-01-01", records=made(letter="u"), name="20990101_000000")
    run(tmp_path / "b", "2026-01-02", records=made(letter="s"), name="20000101_000000")
    loaded = load_run(tmp_path)
    assert [r.contextual for r in loaded.records] == ["safe"]
    (note,) = loaded.notes
    assert (
        note.startswith("1 cells were run twice") and "2026-01-02" in note and "2026-01-01" in note
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("openai", "model_version=a"), ("openai", "model_version=b")),
        (("qwen3_vl", "pretrained=x/y,device=cpu"), ("qwen3_vl", "pretrained=x/z,device=cpu")),
        (("qwen3_vl", "pretrained=x/y"), ("vllm", "model=x/y")),
        (("uni_safe_control", "policy=refuse"), ("uni_safe_control", "policy=comply")),
    ],
)
@pytest.mark.parametrize("types", [(TEXT,), (DRAWN,)])
def test_two_models_are_named_and_never_one_mean(
    one: tuple[str, str], other: tuple[str, str], types: tuple[str, ...], tmp_path: Path
) -> None:
    first = run(tmp_path / "a", "2026-01-01", *one)
    second = run(tmp_path / "b", "2026-01-02", *other, records=made(*types))
    with pytest.raises(RunError, match="holds runs of 2 models") as caught:
        load_run(tmp_path)
    assert str(first) in str(caught.value) and str(second) in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(RunError, match="2 models"):
        Logged(tmp_path)
    assert len(load_run(first).records) == 1
    (results,) = second.glob("*_results.json")
    assert load_run(results).results[0]["config"]["model_args"] == other[1]


def test_one_model_run_otherwise_is_one_model(tmp_path: Path) -> None:
    run(tmp_path / "a", "2026-01-01", "bagel_umm", "pretrained=x/y,mode=understanding")
    drawn = made(DRAWN)
    run(tmp_path / "b", "2026-01-01", "bagel_umm", "mode=edit,pretrained=x/y", records=drawn)
    assert len(load_run(tmp_path).results) == 2


def test_phases_of_a_recipe_are_one_run_though_their_weights_differ(tmp_path: Path) -> None:
    recipe: dict[str, Any] = {"config": "recipes/emu3.yaml"}
    run(tmp_path / "a", "2026-01-01", "emu3", "pretrained=Chat", **recipe)
    run(tmp_path / "b", "2026-01-01", "emu3", "pretrained=Gen", records=made(DRAWN), **recipe)
    assert len(load_run(tmp_path).records) == 2
    run(tmp_path / "c", "2026-01-03", "emu3", "pretrained=Gen", **recipe)
    with pytest.raises(RunError, match="was run by emu3 pretrained=Chat"):
        load_run(tmp_path)


def test_folders_that_are_named_are_phases_unless_they_asked_the_same(tmp_path: Path) -> None:
    texts = run(tmp_path / "a", "2026-01-01", "openai", "model=x")
    drawn = run(tmp_path / "b", "2026-01-01", "any", "model=y", records=made(DRAWN))
    assert len(load_run([texts, drawn]).records) == 2
    again = run(tmp_path / "c", "2026-01-01", "any", "model=y", records=made(TEXT, DRAWN))
    with pytest.raises(RunError, match="was run by"):
        load_run([texts, again])


def test_an_older_run_that_is_all_superseded_leaves_no_phase(tmp_path: Path) -> None:
    run(tmp_path / "a", "2026-01-01")
    run(tmp_path / "b", "2026-01-02")
    assert len(load_run(tmp_path).results) == 1


def test_a_run_of_another_benchmark_beside_it_is_nobodys_business(tmp_path: Path) -> None:
    run(tmp_path / "a", "2026-01-01")
    (tmp_path / "x_results.json").write_text(json.dumps({"config": {"model": "z"}, "results": {}}))
    assert load_run(tmp_path).model == "m"


@pytest.mark.parametrize(
    "line",
    [b"", b"[1]", b"3", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"uni_judger": [[]]}'],
)
def test_a_malformed_line_is_one_line(line: bytes, tmp_path: Path) -> None:
    folder = run(tmp_path / "a", "2026-01-01")
    (path,) = folder.glob("*.jsonl")
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(RunError, match=r"\.jsonl:2: no uni_judger record") as caught:
        load_run(folder)
    assert len(str(caught.value).splitlines()) == 1


def test_secrets_among_the_arguments_are_not_repeated(tmp_path: Path) -> None:
    run(tmp_path / "a", "2026-01-01", "openai", "model=x,api_key=sk-secret")
    run(tmp_path / "b", "2026-01-01", "openai", "model=y,api_key=sk-secret")
    with pytest.raises(RunError) as caught:
        load_run(tmp_path)
    assert "sk-secret" not in str(caught.value)
