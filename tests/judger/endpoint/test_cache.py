"""What was answered is not asked again: in a run, in the next run, in another process."""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from PIL import Image

from judger.contract.record import Record
from judger.contract.settings import SettingsError
from judger.endpoint.cache import FILE, Cache, key_of
from judger.endpoint.grammar.completion import Completion
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import KEY, JudgeServer, Script

REPLIES = ["a plain word", "a harmword", "a declineword", "another plain word"]


def run(server: JudgeServer, cache: Path | str, **settings: str) -> list[Record]:
    with session(server.url, cache, **settings) as made:
        futures = [made.submit(item(item_id=f"i{n}"), reply) for n, reply in enumerate(REPLIES)]
        return [future.result(30) for future in futures]


def test_a_second_run_makes_no_call(tmp_path: Path) -> None:
    with JudgeServer() as server:
        first = run(server, tmp_path)
        calls = server.seen["calls"]
        assert run(server, tmp_path) == first
        assert server.seen["calls"] == calls == 2 * len(REPLIES)
    assert [r.contextual for r in first] == ["safe", "unsafe", "refusal", "safe"]


def test_without_a_server_the_second_run_is_the_same(tmp_path: Path) -> None:
    with JudgeServer() as server:
        first = run(server, tmp_path)
    assert run(server, tmp_path, retries="0") == first


@pytest.mark.parametrize(
    "change",
    [{"model": "judge-2"}, {"max_tokens": "300"}, {"structured": "line"}, {"cache": "off"}],
)
def test_another_question_is_asked_again(change: dict[str, str], tmp_path: Path) -> None:
    with JudgeServer() as server:
        run(server, tmp_path)
        calls = server.seen["calls"]
        cache = change.get("cache", tmp_path)
        run(server, cache, **{k: v for k, v in change.items() if k != "cache"})
        assert server.seen["calls"] == 2 * calls


def test_the_bytes_of_a_picture_are_part_of_the_question(tmp_path: Path) -> None:
    picture = tmp_path / "made.png"
    with JudgeServer() as server, session(server.url, tmp_path / "cache") as made:
        for color, verdict in (("green", "safe"), ("red", "unsafe"), ("green", "safe")):
            Image.new("RGB", (64, 64), color).save(picture)
            os.utime(picture, (1, 1))  # the same name, size and age
            record = made.submit(item(), f'{{"text": "", "images": ["{picture}"]}}').result(30)
            assert record.intrinsic == verdict
        assert server.seen["calls"] == 4  # the third was known


def test_identical_questions_of_a_run_are_asked_once() -> None:
    with JudgeServer(Script(latency=0.05)) as server, session(server.url, concurrency="4") as made:
        futures = [made.submit(item(item_id=f"i{n}"), "the same reply") for n in range(40)]
        assert {future.result(30).outcome for future in futures} == {"scored"}
        assert made.submit(item(), "the same reply").result(30).outcome == "scored"
        assert server.seen["calls"] == 2


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (Script(status=500), "judge_error"),
        (Script(status=400), "judge_error"),
        (Script(faults={"garbage": 1.0}), "judge_error"),
        (Script(faults={"refuse": 1.0}), "judge_refusal"),
        (Script(faults={"length": 1.0}), "judge_unparsable"),
        (Script(answer=lambda axis, ticket, reply: reply), "judge_unparsable"),
    ],
)
def test_a_failure_is_never_kept(script: Script, outcome: str, tmp_path: Path) -> None:
    with JudgeServer(script) as server:
        failed = run(server, tmp_path, retries="0")
    assert {record.outcome for record in failed} == {outcome}
    with JudgeServer() as server:
        assert {record.outcome for record in run(server, tmp_path)} == {"scored"}
        assert server.seen["calls"] == 2 * len(REPLIES)


WRITER = """
import sys
from pathlib import Path
from judger.endpoint.cache import Cache
from judger.endpoint.grammar.completion import Completion
cache, me = Cache(Path(sys.argv[1])), sys.argv[2]
for n in range(300):
    cache.put(f"shared {n}", Completion(f"{n}"))
    cache.put(f"{me} {n}", Completion(f"{me} {n}"))
    assert cache.get(f"{me} {n}").text == f"{me} {n}"
"""


def test_many_processes_write_at_once(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(me)], stderr=-1)
        for me in range(4)
    ]
    errors = [writer.communicate(timeout=120)[1] for writer in writers]
    assert errors == [b""] * 4
    cache = Cache(tmp_path)
    for n in range(300):
        kept = cache.get(f"shared {n}")
        assert kept is not None
        assert kept.text == f"{n}"
        assert all(cache.get(f"{me} {n}") for me in range(4))


def test_no_key_is_in_the_file(tmp_path: Path) -> None:
    with JudgeServer() as server:
        run(server, tmp_path)
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"verdict" in held
    assert KEY.encode() not in held
    assert b"Bearer" not in held


def test_a_file_that_is_no_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, whatever its name" * 100)
    with pytest.raises(SettingsError, match=FILE):
        Cache(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="UNI_JUDGER_CACHE"):
        Cache(tmp_path / "file")


def test_a_cache_that_fails_later_costs_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with JudgeServer() as server, session(server.url, tmp_path) as made:
        made.submit(item(), REPLIES[0]).result(30)
        with sqlite3.connect(tmp_path / FILE) as other:
            other.execute("DROP TABLE answers")
        records = [made.submit(item(item_id=r), r).result(30) for r in REPLIES]
    assert {record.outcome for record in records} == {"scored"}
    assert capsys.readouterr().err.count("the cache fails") == 1


def test_what_somebody_else_wrote_into_it_is_no_answer(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("INSERT INTO answers VALUES ('a', '[1]'), ('b', 'x'), ('c', '{\"d\": 1}')")
    assert [Cache(tmp_path).get(key) for key in "abc"] == [None] * 3
    cache.put("d", Completion("fine"))
    assert cache.get("d") == Completion("fine")


def test_the_key_is_the_whole_request() -> None:
    parts = (("openai", "x"), ("", "2026-09"), ("", "m-2026 fp_1"), ("/a", "/b"), (b"1", b"2"))
    assert len({key_of(*asked) for asked in itertools.product(*parts)}) == 32


def rambling(axis: str, ticket: str, shown: str) -> str:
    """Never in form at first; the server answers in form when it is asked again."""
    return "Let me think about it."


def test_an_answer_to_the_second_question_is_kept_as_well(tmp_path: Path) -> None:
    with JudgeServer(Script(answer=rambling, in_form_when_asked_again=True)) as server:
        first = run(server, tmp_path)
        calls = server.seen["calls"]
        assert calls == 4 * len(REPLIES)
        assert run(server, tmp_path) == first
        assert server.seen["calls"] == calls
    assert {record.outcome for record in first} == {"scored"}


def test_another_revision_is_another_judge(tmp_path: Path) -> None:
    with JudgeServer() as server:
        old = run(server, tmp_path, revision="2026-01")
        server.script.verdict = lambda axis, _: "unsafe"
        new = run(server, tmp_path, revision="2026-09")
        assert run(server, tmp_path, revision="2026-01") == old
    assert [r.intrinsic for r in old] == ["safe", "unsafe", "safe", "safe"]
    assert {r.intrinsic for r in new} == {"unsafe"}


@pytest.mark.parametrize(
    ("trouble", "words"),
    [("none", ""), ("gone", "no answer after"), ("key", "401"), ("models need another key", "")],
)
def test_what_was_kept_does_not_vouch_for_the_endpoint(
    trouble: str, words: str, tmp_path: Path
) -> None:
    with JudgeServer() as server, session(server.url, tmp_path) as made:
        made.preflight(reach=True)
        assert (server.seen["calls"], server.seen["models"]) == (1, 1)
        url, key = server.url, KEY
        if trouble == "key":
            key = "another"
        if trouble == "gone":
            url = "http://127.0.0.1:9/v1"
        if trouble == "models need another key":
            server.closed_models = True
        with (
            session(url, tmp_path, api_key=key, retries="0") as again,
            pytest.raises(SettingsError, match=words) if words else nullcontext(),
        ):
            again.preflight()  # the cache is enough, where nothing is generated
            again.preflight(reach=True)
        asked = {"none": 1, "gone": 1, "key": 2, "models need another key": 2}[trouble]
        assert server.seen["calls"] == asked
