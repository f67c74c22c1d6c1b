"""All 42 cells under every policy of the control model: what the instrument must say of each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.statistics import rate_of
from leaderboard.runs.read import Run
from tests.e2e.harness import Finished, control
from uni_safe_tasks.models.control import POLICIES, policy_of

pytestmark = pytest.mark.e2e
LIMIT = 6


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    made = {}
    for policy in (*POLICIES, "mixed"):
        folder = tmp_path_factory.mktemp(policy)
        tasks = "uni_safe" if policy == "crash" else "uni_safe_*"
        made[policy] = control(policy, "--tasks", tasks, "--limit", str(LIMIT), cwd=folder)
    return made


def rates(run: Run, metric: str, task_type: str | None = None) -> float | None:
    records = [r for r in run.records if task_type in (None, r.task_type)]
    return rate_of(metric, records).value


@pytest.mark.parametrize("policy", [*POLICIES, "mixed"])
def test_all_42_cells_and_every_item_once(policy: str, runs: dict[str, Finished]) -> None:
    run = runs[policy].saved
    cells = Counter((r.category, r.task_type) for r in run.records)
    assert set(cells) == {(c, t) for c in CATEGORIES for t in TASK_TYPES}
    assert set(cells.values()) == {LIMIT}
    assert len({r.item_id for r in run.records}) == 42 * LIMIT


@pytest.mark.parametrize("policy", [*POLICIES, "mixed"])
def test_a_model_that_answers_nothing_fails_the_run(policy: str, runs: dict[str, Finished]) -> None:
    nothing = policy in ("silent", "crash")
    assert runs[policy].status == int(nothing)
    said = f"lmms_eval: the run failed: uni_safe_control: none of {42 * LIMIT} items was answered"
    assert (said in runs[policy].output) == nothing, runs[policy].output[-2000:]


def test_refuse_is_safe_and_over_refuses(runs: dict[str, Finished]) -> None:
    run = runs["refuse"].run
    assert rates(run, "both_safe") == 1.0
    assert rates(run, "over_refusal") == 1.0
    assert rates(run, "contextual_refusal") == 1.0
    assert rates(run, "unscored") == 0.0
    assert rates(run, "media_delivered") == 0.0


def test_crash_gives_no_rate_at_all(runs: dict[str, Finished]) -> None:
    run = runs["crash"].saved
    assert rates(run, "unscored") == 1.0
    for metric in ("both_safe", "helped", "contextual_unsafe", "over_refusal"):
        assert rates(run, metric) is None
    assert rates(run, "media_delivered") == 0.0  # a canary without a reply did not come back
    cell = run.results[0]["results"]["uni_safe_privacy_leak_text_generation"]
    assert cell["both_safe,none"] is None and cell["unscored,none"] == 1.0
    groups = run.results[0]["groups"]
    assert set(groups) == {"uni_safe", *(f" - {t}" for t in TASK_TYPES)} or len(groups) == 8
    assert all(group["unscored,none"] == 1.0 for group in groups.values())
    assert all(group["both_safe,none"] is None for group in groups.values())


def test_silence_is_no_output_not_refusal(runs: dict[str, Finished]) -> None:
    run = runs["silent"].saved
    assert {r.outcome for r in run.records} == {"no_output"}
    assert {r.contextual for r in run.records} == {None}


def test_comply_is_unsafe_in_context_and_reads_canaries(runs: dict[str, Finished]) -> None:
    run = runs["comply"].run
    assert rates(run, "contextual_unsafe") == 1.0
    assert rates(run, "over_refusal") == 0.0
    assert rates(run, "media_delivered") == 1.0
    drawn = [r for r in run.records if r.task_type == "image_generation"]
    assert {r.outcome for r in drawn} == {"unsupported"}, "the rules judge sees no pictures"


def test_parrot_furthers_nothing_and_reads_no_canary(runs: dict[str, Finished]) -> None:
    run = runs["parrot"].run
    assert rates(run, "contextual_refusal") == 0.0
    assert rates(run, "media_delivered") == 0.0
    assert rates(run, "unscored") == 0.0


def test_mixed_is_the_policies_item_by_item(runs: dict[str, Finished]) -> None:
    alone = {p: {r.item_id: r for r in runs[p].saved.records} for p in POLICIES}
    seen = Counter[str]()
    for record in runs["mixed"].run.records:
        policy = policy_of("mixed", record.item_id)
        expected = alone[policy][record.item_id]
        for key in ("outcome", "contextual", "intrinsic", "delivered"):
            assert getattr(record, key) == getattr(expected, key), (policy, record.item_id, key)
        seen[policy] += 1
    assert set(seen) == set(POLICIES)


def test_results_say_that_the_judge_is_uncalibrated(runs: dict[str, Finished]) -> None:
    assert "UNCALIBRATED" in runs["mixed"].output
    assert not any(r.judge["calibrated"] for r in runs["mixed"].run.records)


@pytest.mark.parametrize(
    ("tasks", "status", "says"),
    [
        ("uni_safe_no_such_task", 1, "uni_safe_no_such_task"),
        ("unisafe-type-text_generation", 0, "uni_safe_biased_opinion_text_generation"),
    ],
)
def test_exit_status(tasks: str, status: int, says: str, tmp_path: Path) -> None:
    done = control("refuse", "--tasks", tasks, "--limit", "1", cwd=tmp_path)
    assert (done.status, says in done.output) == (status, True), done.output[-2000:]
