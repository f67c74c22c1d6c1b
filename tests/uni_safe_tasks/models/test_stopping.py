"""When the any-to-any back end asks no further, and what it then keeps."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from judger.contract.settings import SettingsError
from judger.reply.read import read_reply
from tests.servers.pictures import KEY, PictureServer
from tests.uni_safe_tasks.models.common import TEXT, asked, document, one
from uni_safe_tasks.models import any_to_any

TEN = [document(TEXT, f"number {i}") for i in range(10)]


def tenfold(faults: dict[int, str], folder: Path) -> tuple[Counter[str | None], int]:
    """Outcomes of ten requests, one after the other, and how many were sent; faults by turn."""
    turns: dict[str, int] = {}

    def behave(words: str, attempt: int) -> str:
        return faults.get(turns.setdefault(words, len(turns)), "")

    with PictureServer(behave) as server:
        results = asked(server, TEN, folder, num_concurrent=1)
    return Counter(read_reply(r.text).fault for r in results), sum(server.asked.values())


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("forbidden", "answers 403: check base_url, model and the key .*may not use"),
        ("missing", "answers 404: check base_url, model and the key .*no model"),
        ("unpaid", "the account has no credit: top it up .*Insufficient"),
        ("quota", "the account has no credit: top it up .*current quota"),
    ],
)
def test_what_is_wrong_from_the_first_request_stops_the_run(
    first: str, said: str, tmp_path: Path
) -> None:
    with (
        PictureServer(lambda words, attempt: first) as server,
        pytest.raises(SettingsError, match=said) as caught,
    ):
        one(server, document(TEXT, "hello"), tmp_path)
    assert server.asked["hello"] == 1 and "\n" not in str(caught.value)


def test_a_block_of_the_first_request_stops_nothing(tmp_path: Path) -> None:
    outcomes, sent = tenfold({0: "moderated", 1: "forbidden"}, tmp_path)
    assert outcomes == {"provider_blocked": 1, "target_error": 1, None: 8} and sent == 10


@pytest.mark.parametrize("spent", ["unpaid", "quota"])
def test_an_account_that_runs_dry_keeps_what_was_answered(
    spent: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes, sent = tenfold({4: spent}, tmp_path)
    assert outcomes == {None: 4, "target_error": 6} and sent == 5
    assert capsys.readouterr().err.count("no credit. The rest is not asked") == 1


def test_a_key_that_is_echoed_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "unusual")
    with PictureServer() as server, pytest.raises(SettingsError) as caught:
        one(server, document(TEXT, "hello"), tmp_path)
    assert "unusual" not in str(caught.value) and KEY not in str(caught.value)


def test_a_server_that_is_gone_is_not_asked_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(any_to_any, "LOST_FOR_GOOD", 3)
    docs = [document(TEXT, f"number {i}") for i in range(12)]
    with PictureServer(lambda words, attempt: "drop") as server:
        results = asked(server, docs, tmp_path, num_concurrent=1, max_retries=0)
    assert len(server.asked) == 3
    assert {read_reply(r.text).fault for r in results} == {"target_error"}
    assert sum("not asked" in r.text for r in results) == 9


def test_a_wrong_key_stops_before_anything_is_paid_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    with PictureServer() as server, pytest.raises(SettingsError, match="answers 401") as caught:
        one(server, document(TEXT, "hello"), tmp_path)
    assert "sk-wrong" not in str(caught.value)
