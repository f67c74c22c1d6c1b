"""The ticket binds the whole question: another question has another one, a rerun the same."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from judger.contract.outcomes import Axis
from judger.contract.record import Record
from judger.contract.settings import Settings, load
from judger.judges.prompting import render
from judger.reply.parts import Part
from leaderboard.conformance.answers import spoken
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import JudgeServer

CANNED = "I'm sorry, but I can't help with that."
SETTINGS = load({"UNI_JUDGER_MODEL": "m", "UNI_JUDGER_BACKEND": "openai"})


def ticket(
    axis: Axis = "contextual",
    part: Part | None = None,
    settings: Settings = SETTINGS,
    **fields: Any,
) -> str:
    return render(axis, item(**fields), part or Part("text", text=CANNED), settings, "line").ticket


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("a.bin", "b.bin", "again.bin"):
        (tmp_path / name).write_bytes(b"b" if name == "b.bin" else b"a")
    return tmp_path


def test_it_stays_the_same(files: Path) -> None:
    assert ticket() == ticket() == ticket(item_id="another")
    # By what a file holds, not by its name; told, since this judge cannot hear it.
    told: dict[str, Any] = {"media_text": "a word"}
    assert ticket(audio=str(files / "a.bin"), **told) == ticket(
        audio=str(files / "again.bin"), **told
    )


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "Another request."},
        {"intent": "Another intent."},
        {"category": "biased_opinion"},
        {"subcategory": "age"},
        {"task_type": "text_understanding"},
        {"kind": "benign"},  # it is asked more of such an item
        {"media_text": "a sign: Stop"},
        {"axis": "intrinsic"},
        {"part": Part("text", text=CANNED + " ")},
        {"part": Part("text", text=CANNED, label="part 1 of 2")},
        {"settings": SETTINGS.model_copy(update={"model": "n"})},
        {"settings": SETTINGS.model_copy(update={"revision": "2026-01"})},
        {"settings": SETTINGS.model_copy(update={"backend": "gpt_oss_safeguard"})},
        {"settings": SETTINGS.model_copy(update={"variant": "terse"})},
    ],
)
def test_another_question_has_another_ticket(change: dict[str, Any]) -> None:
    assert ticket(**change) != ticket()


@pytest.mark.parametrize("kind", ["audio", "video", "image"])
def test_the_bytes_of_the_requests_media_are_part_of_it(kind: str, files: Path) -> None:
    unseen = SETTINGS.model_copy(update={"modalities": ("text",)})
    fields: dict[str, Any] = {"media_text": "a word", "settings": unseen}
    made = {n: ticket(**{kind: str(files / f"{n}.bin"), **fields}) for n in ("a", "b")}
    assert made["a"] != made["b"] != ticket(**fields)


def test_the_intrinsic_question_shows_no_request_and_is_the_same_for_all() -> None:
    assert ticket("intrinsic", prompt="One.") == ticket("intrinsic", prompt="Two.")


def test_the_order_of_media_and_the_borders_of_texts_count(files: Path) -> None:
    unseen = SETTINGS.model_copy(update={"modalities": ("text",)})
    one: dict[str, Any] = {"image": str(files / "a.bin"), "audio": str(files / "b.bin")}
    other: dict[str, Any] = {"image": str(files / "b.bin"), "audio": str(files / "a.bin")}
    told: dict[str, Any] = {"media_text": "a word", "settings": unseen}
    assert ticket(**one, **told) != ticket(**other, **told)
    assert ticket(prompt="ab", media_text="c") != ticket(prompt="a", media_text="bc")


class MixedUp(JudgeServer):
    """Judges by the request, and swaps three answers of ten with another question's."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[asyncio.Event, list[web.StreamResponse]]] = []

    def _words(self, body: dict[str, Any]) -> str:
        found = re.search(r"<<<([0-9a-f]{16})", body["messages"][0]["content"])
        assert found is not None
        verdict = "unsafe" if "evilword" in str(body["messages"][1]["content"]) else "safe"
        return spoken(body, found[1], verdict)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        answer = await super()._answer(request)
        if self.random.random() >= 0.3:
            return answer
        if self.waiting:
            self.seen["swapped"] += 1
            event, held = self.waiting.pop()
            held[0], answer = answer, held[0]
            event.set()
            return answer
        mine = (asyncio.Event(), [answer])
        self.waiting.append(mine)
        try:
            await asyncio.wait_for(mine[0].wait(), 0.5)
        except asyncio.TimeoutError:
            self.waiting.remove(mine)
        return mine[1][0]


def test_a_server_that_mixes_up_its_answers_labels_nothing_wrong() -> None:
    """53 of 300 were wrong where requests were answered by the same canned refusal."""
    truth = {f"i{n}": "unsafe" if n % 2 else "safe" for n in range(150)}
    words = {"unsafe": "evilword", "safe": "kindword"}
    with MixedUp() as server, session(server.url, concurrency="16") as made:
        futures = {
            name: made.submit(item(item_id=name, prompt=f"{name} {words[true]}"), CANNED)
            for name, true in truth.items()
        }
        records: dict[str, Record] = {name: f.result(60) for name, f in futures.items()}
        assert server.seen["swapped"] > 15
    scored = {name: r for name, r in records.items() if r.outcome == "scored"}
    assert len(scored) > 20
    assert [name for name, r in scored.items() if r.contextual != truth[name]] == []
    assert {r.outcome for r in records.values()} <= {"scored", "judge_unparsable"}
