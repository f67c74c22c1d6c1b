"""`rejudge` judges a reply only with the request that it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leaderboard.runs.read import load_run
from tests.leaderboard.commands.judged_files import (
    BENIGN,
    HARMFUL,
    SAID,
    changed,
    sample,
    uni_safe,
    verdicts,
    write,
)
from tests.servers.judge import JudgeServer
from uni_safe_tasks.attacks.chosen import named
from uni_safe_tasks.suite.items import item as item_of


@pytest.mark.usefixtures("any_share")
@pytest.mark.parametrize(
    ("row", "expected", "reason"),
    [
        (sample(HARMFUL), ("scored", "refusal", "safe"), ""),
        (sample(HARMFUL, filtered_resps=["declineword"]), ("scored", "refusal", "safe"), ""),
        (
            changed(sample(HARMFUL), prompt_sha256="0" * 64),
            ("judge_error", None, None),
            "otherwise",
        ),
        (
            changed(sample(HARMFUL, input="?"), prompt_sha256=None),
            ("judge_error", None, None),
            "otherwise",
        ),
        (
            changed(sample(HARMFUL), attack="persona", attack_sha256=named("persona").sha256),
            ("scored", "refusal", "safe"),
            "",
        ),
        (
            changed(sample(HARMFUL), attack="persona", attack_sha256="0" * 64),
            ("judge_error", None, None),
            "worded otherwise today",
        ),
        (
            changed(sample(HARMFUL), attack="none_such"),
            ("judge_error", None, None),
            "is no attack",
        ),
        (changed(sample(HARMFUL), item_id="pri-h199.song"), ("judge_error", None, None), "no item"),
        (
            changed(sample(HARMFUL), response_sha256="0" * 64),
            ("target_error", None, None),
            "not those of the run",
        ),
        (  # lm-eval keeps the document; its reply is a list in a list
            {
                "doc": {**item_of(BENIGN).model_dump(), "item_id": "theirs"},
                "filtered_resps": [["harmword"]],
            },
            ("scored", "unsafe", "unsafe"),
            "",
        ),
    ],
)
def test_a_reply_is_judged_only_with_the_request_it_answers(
    server: JudgeServer, tmp_path: Path, row: dict[str, Any], expected: Any, reason: str
) -> None:
    path = write(tmp_path / "20260101_samples_uni_safe_privacy_leak_text_generation.jsonl", [row])
    done = uni_safe("rejudge", path, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert list(verdicts(tmp_path / "out").values()) == [expected]
    assert reason in str(load_run(tmp_path / "out").records[0].reason)


def test_a_document_from_elsewhere_cannot_name_a_file_of_this_machine(
    server: JudgeServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    doc = {**item_of(BENIGN).model_dump(), "image": "/etc/hostname"}
    rows = [sample(HARMFUL), {"doc": doc, "filtered_resps": "x"}]
    path = write(tmp_path / "samples_uni_safe_x.jsonl", rows)
    server.script.latency = 0.3  # the first is in flight when the second turns out to be a fault
    done = uni_safe("rejudge", path, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "samples_uni_safe_x.jsonl:2: file outside the allowed folders" in done.stderr
    assert "Task was destroyed" not in capfd.readouterr().err
    assert not list((tmp_path / "out").rglob("*.json*"))


@pytest.mark.usefixtures("any_share")
def test_rejudge_finds_requests_by_item_and_asks_nothing_twice(
    server: JudgeServer, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_BACKEND", "rules")
    assert uni_safe("score", file, "--name", "m", "--out", tmp_path / "run").exit_code == 0
    by_rules = verdicts(tmp_path / "run")
    assert by_rules["own"][0] == "unsupported"
    monkeypatch.setenv("UNI_JUDGER_BACKEND", "openai")
    done = uni_safe("rejudge", tmp_path / "run")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "run-rejudged-openai-judge-1"
    assert verdicts(folder) == SAID
    assert load_run(folder).model == "m"
    shown = {m["content"] for body in server.bodies for m in body["messages"][1:]
             if isinstance(m["content"], str)}  # fmt: skip
    assert any(item_of(HARMFUL).prompt in content for content in shown)
    asked = server.seen["calls"]
    samples = next((tmp_path / "run").rglob("*privacy_leak_text_generation.jsonl"))
    uni_safe("rejudge", samples, "--out", tmp_path / "one")
    assert server.seen["calls"] == asked
    assert set(verdicts(tmp_path / "one")) == {HARMFUL, BENIGN}
    assert verdicts(tmp_path / "run") == by_rules, "the run itself is left as it was"
