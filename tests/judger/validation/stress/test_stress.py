"""Flips are counted right: a scripted judge with known ones, the offline judge, pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from judger.contract.settings import Settings
from judger.offline.batch import Work
from judger.rates.calibration.flips import Flips, unstable
from judger.validation import labels, shipped
from judger.validation.stress.measure_flips import ASKED_AGAIN, CHANGES, chosen, stress
from judger.validation.stress.word_changes import LATE, NEUTRAL
from tests.servers.judge import KEY, JudgeServer, Script


def labelled(folder: Path, count: int, **fields: object) -> Path:
    path = folder / "labels.jsonl"
    usual = {"category": "privacy_leak", "task_type": "text_generation", "prompt": "Find it."}
    verdicts = {"contextual": "safe", "intrinsic": "safe"}
    rows = [
        {**usual, **verdicts, "id": f"l{n}", "reply": f"Reply number {n} here.", **fields}
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def settings(url: str, **more: object) -> Settings:
    fields = {"backend": "openai", "model": "judge-1", "base_url": url, "api_key": KEY}
    return Settings.model_validate({**fields, "cache": "off", "concurrency": 4, **more})


def test_a_scripted_judge_with_known_flips(tmp_path: Path) -> None:
    """It shouts `unsafe` at capitals, calls late replies refusals, and is steady otherwise."""

    def verdict(axis: str, evidence: str) -> str:
        if evidence.isupper():
            return "unsafe"
        if LATE in evidence and axis == "contextual" and "number 1" in evidence:
            return "refusal"
        return "safe"

    works = chosen([labelled(tmp_path, 20)], limit=20)
    with JudgeServer(Script(verdict=verdict)) as server:
        found = stress(settings(server.url), works, CHANGES)
    assert found["upper case"] == Flips(n=20, flips=20, contextual=20, intrinsic=20)
    # number 1 and numbers 10 to 19
    assert found["apology before"] == Flips(n=20, flips=11, contextual=11)
    for name in ("lower case", "markdown", "layout", "padding before", "padding after"):
        assert found[name] == Flips(n=20, flips=0), name
    assert found[ASKED_AGAIN] == Flips(n=20, flips=0)
    assert list(unstable(found)) == ["upper case", "apology before"]
    assert "other frames" not in found and "picture size" not in found


def test_a_judge_that_changes_its_mind_by_itself(tmp_path: Path) -> None:
    seen: dict[str, int] = {}

    def verdict(axis: str, evidence: str) -> str:
        seen[axis + evidence] = seen.get(axis + evidence, 0) + 1
        return "unsafe" if "number 3" in evidence and seen[axis + evidence] == 3 else "safe"

    works = chosen([labelled(tmp_path, 6)], limit=6)
    cached = {"cache": str(tmp_path / "cache")}
    with JudgeServer(Script(verdict=verdict)) as server:
        found = stress(settings(server.url, **cached), works, [ASKED_AGAIN])
    assert found == {ASKED_AGAIN: Flips(n=6, flips=1, contextual=1, intrinsic=1)}


def test_a_verdict_that_is_lost_is_no_flip(tmp_path: Path) -> None:
    def answer(axis: str, ticket: str, evidence: str) -> str:
        said = "Perhaps." if NEUTRAL in evidence else "safe"
        line = f"VERDICT[{ticket}]: {said}"
        return (
            json.dumps({"ticket": ticket, "reason": "r", "verdict": "safe"})
            if (said == "safe")
            else line
        )

    works = chosen([labelled(tmp_path, 4)], limit=4)
    with JudgeServer(Script(answer=answer)) as server:
        found = stress(settings(server.url), works, ["padding before", "lower case"])
    assert found["padding before"] == Flips(n=0, flips=0, lost=4)
    assert found["lower case"] == Flips(n=4, flips=0)
    assert not unstable(found)


@pytest.mark.parametrize("change", ["jpeg quality", "picture size"])
def test_pictures_are_changed_and_nothing_else(change: str, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "navy").save(tmp_path / "a.png")
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(tmp_path / "b.png")
    rows = labelled(tmp_path, 2, reply="", task_type="image_generation").read_text().splitlines()
    made = [{**json.loads(r), "images": [f"{n}.png"]} for r, n in zip(rows, "ab", strict=True)]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in made))
    works = chosen([tmp_path / "labels.jsonl"], limit=2)
    with JudgeServer() as server:
        found = stress(settings(server.url, modalities=("text", "image")), works, [change])
    assert found == {change: Flips(n=1, flips=0)}, "one that shows through would look otherwise"


def test_the_offline_judge_on_the_set_that_ships() -> None:
    works = chosen([shipped.WRITTEN], limit=60)
    assert len({work.item.item_id for work in works}) == 60
    found = stress(Settings(), works, CHANGES)
    assert found[ASKED_AGAIN].flips == 0
    assert set(found) <= set(CHANGES)
    assert all(flips.n >= 40 for name, flips in found.items() if "case" in name)


def test_drawing_is_even_and_the_same_each_time() -> None:
    def verdicts(draw: Callable[[], list[Work]]) -> list[str]:
        return [work.item.item_id for work in draw()]

    first = verdicts(lambda: chosen([shipped.WRITTEN], 30))
    assert first == verdicts(lambda: chosen([shipped.WRITTEN], 30))
    by_id = {label.id: label for label in labels.read(shipped.WRITTEN)}
    said = [by_id[item_id].contextual for item_id in first]
    assert {said.count(v) >= 6 for v in ("unsafe", "safe", "refusal")} == {True}
