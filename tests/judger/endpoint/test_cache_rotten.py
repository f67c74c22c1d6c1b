"""A damaged cache costs the rows that are damaged, and a default one that cannot be is no loss."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from judger.contract.settings import SettingsError, load
from judger.endpoint.cache import FILE, Cache, opened
from judger.endpoint.grammar.completion import Completion
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import JudgeServer

FINE = Completion("fine", model="m", fingerprint="fp", input_tokens=3)
WHOLE = {"text": "x", "finish_reason": "stop", "refusal": ""}


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"not json",
        b"{",
        b"null",
        b"[1]",
        b"7",
        b'"text"',
        b"{}",
        json.dumps({**WHOLE, "text": 5}).encode(),
        json.dumps({**WHOLE, "finish_reason": None}).encode(),
        json.dumps({**WHOLE, "input_tokens": "many"}).encode(),
        json.dumps({**WHOLE, "verdict": "safe"}).encode(),
        b'{"text": "\xff\xfe"}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        None,
        7,
        2.5,
        "a text with a nul \x00 in it",
    ],
)
def test_one_rotten_row_is_not_there_and_the_rest_is_used(
    value: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = Cache(tmp_path)
    cache.put("whole", FINE)
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("INSERT INTO answers VALUES ('rotten', ?)", (value,))
        if isinstance(value, bytes):  # as a text that is no UTF-8, too
            other.execute("INSERT INTO answers VALUES ('cast', CAST(? AS TEXT))", (value,))
    assert [cache.get(key) for key in ("rotten", "cast", "whole", "none")] == [
        None,
        None,
        FINE,
        None,
    ]
    assert isinstance(cache.note("rotten"), dict)
    cache.put("rotten", FINE)  # and can be written anew
    assert cache.get("rotten") == cache.get("whole") == FINE
    assert capsys.readouterr().err == ""


def test_a_damaged_page_costs_what_stands_on_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for n in range(2000):
        cache.put(f"{n:05}", Completion(f"{n}" * 20))
    cache.close()
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = other.execute("PRAGMA page_size").fetchone()[0]
    held = bytearray((tmp_path / FILE).read_bytes())
    held[40 * page : 41 * page] = b"\xa5" * page
    (tmp_path / FILE).write_bytes(held)
    cache = Cache(tmp_path)
    found = [cache.get(f"{n:05}") for n in range(2000)]
    assert 1000 < sum(one is not None for one in found) < 2000
    assert all(one is None or one.text == f"{n}" * 20 for n, one in enumerate(found))


@pytest.mark.parametrize("words", ["error", "length", "SAFETY", "abort"])
def test_what_did_not_end_whole_is_no_kept_answer(words: str, tmp_path: Path) -> None:
    with JudgeServer() as server:
        with session(server.url, tmp_path) as made:
            made.submit(item(), "a reply").result(30)
        with sqlite3.connect(tmp_path / FILE) as other:
            rows = other.execute("SELECT key, value FROM answers").fetchall()
            for key, value in rows:
                bad = value.replace('"stop"', json.dumps(words))
                other.execute("UPDATE answers SET value = ? WHERE key = ?", (bad, key))
        calls = server.seen["calls"]
        with session(server.url, tmp_path) as made:
            assert made.submit(item(), "a reply").result(30).outcome == "scored"
        assert server.seen["calls"] == calls + 2


def test_without_a_home_answers_are_kept_for_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "caches"))
    cache = opened(load({}))
    cache.put("a", FINE)
    assert cache.get("a") == FINE
    assert "UNI_JUDGER_CACHE" in capsys.readouterr().err
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("judger.contract.settings.user_cache", lambda: None)
    assert opened(load({})).get("a") is None
    assert "there is no home" in capsys.readouterr().err
    assert opened(load({"UNI_JUDGER_CACHE": "off"})).get("a") is None
    assert capsys.readouterr().err == ""
    with pytest.raises(SettingsError, match="UNI_JUDGER_CACHE"):
        opened(load({"UNI_JUDGER_CACHE": str(tmp_path / "file")}))  # one that was named has to be
