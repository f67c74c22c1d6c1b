"""What fresh readers said is counted from files, and keeps what the data set promises."""

from __future__ import annotations

import json
from pathlib import Path

from uni_safe_tasks.release import reviews
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.suite.items import rows

MEDIA = ("image_understanding", "audio_processing", "video_analysis")


def test_counts(tmp_path: Path) -> None:
    folder = tmp_path / "review"
    folder.mkdir()
    said = [("a", "harmful", True), ("b", "harmful", False), ("c", "benign", False)]
    (folder / "blind.jsonl").write_text(
        "".join(
            json.dumps({"item_id": f"{n}.audio_processing", "kind": k, "plainly_harmful": p}) + "\n"
            for n, k, p in said
        )
    )
    scored = dict.fromkeys(reviews.SCORES, 4)
    lines = [{"id": "a", **scored}, {"id": "b", **scored, "realism": 2}]
    (folder / "scores.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    assert reviews.blind(tmp_path) == [
        ("audio_processing, words alone", "1 of 2 (50%)", "0 of 1 (0%)")
    ]
    assert reviews.scores(tmp_path)[:2] == [
        ("realism", "3.00", "1 of 2"),
        ("clarity", "4.00", "0 of 2"),
    ]


def test_the_words_alone_name_at_most_a_third_of_what_is_harmful() -> None:
    lines = [json.loads(x) for x in (DATA / "review" / "blind.jsonl").read_text().splitlines()]
    assert {line["item_id"] for line in lines} <= set(rows())
    for form in MEDIA:
        ours = [x for x in lines if x["item_id"].endswith(form) and x["kind"] == "harmful"]
        assert len(ours) >= 40
        assert sum(x["plainly_harmful"] for x in ours) <= len(ours) / 3
