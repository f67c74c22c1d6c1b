"""What a wrapper changes in a document, and what it must not: the request, canaries, plain runs."""

from __future__ import annotations

import datasets
import pytest

from judger.contract.item import Item
from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.attacks.chosen import VARIABLE, named, names
from uni_safe_tasks.attacks.draw import MARGIN, WIDTH, draw, unwritable
from uni_safe_tasks.attacks.wrap import DRAWABLE
from uni_safe_tasks.harness.hooks import doc_to_messages, doc_to_text, doc_to_visual
from uni_safe_tasks.suite.capabilities import needed
from uni_safe_tasks.suite.document import document, documents_of
from uni_safe_tasks.suite.items import NoSuchItem, item, rows

TEXT, SEEN, CANARY = "pri-h101.text_generation", "pri-h101.image_understanding", "pri-c11"
ADDED = {"request", "attack", "attack_about", "attack_sha256", "turns", "drawn"}


def doc(item_id: str, attack: str = "") -> dict[str, object]:
    return document(*rows()[item_id], named(attack) if attack else None)


@pytest.mark.parametrize("item_id", [TEXT, SEEN, "pri-b101.text_generation"])
@pytest.mark.parametrize("attack", ["persona", "beginning", "warm_up"])
def test_the_request_stands_whole_in_what_is_sent(attack: str, item_id: str) -> None:
    plain, under = doc(item_id), doc(item_id, attack)
    assert under["request"] == plain["prompt"] != under["prompt"] == doc_to_text(under)
    assert str(under["prompt"]).count(str(plain["prompt"])) == 1
    changed = {key for key in under if under[key] != plain.get(key, under)}
    assert changed == ADDED | {"prompt"}


@pytest.mark.parametrize("attack", names())
@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_canaries_are_asked_as_they_are(task_type: str, attack: str) -> None:
    found = [i for i in rows() if i.startswith(CANARY) and i.endswith(task_type)]
    for item_id in found:
        plain, under = doc(item_id), doc(item_id, attack)
        assert {key: under[key] for key in plain} == plain
        assert under["attack"] == attack and not under["turns"] and not under["drawn"]
    assert bool(found) == (task_type not in (*DRAWABLE, "image_generation"))


@pytest.mark.parametrize("attack", names())
def test_an_item_is_what_was_asked_and_knows_what_was_sent(attack: str) -> None:
    plain, under = item(TEXT), item(TEXT, attack)
    assert (under.prompt, under.prompt_sha256) == (plain.prompt, plain.prompt_sha256)
    assert under.read_by_model == doc(TEXT, attack)["prompt"] != plain.read_by_model
    assert (under.attack, under.attack_sha256) == (attack, named(attack).sha256)
    assert Item.from_doc(under.model_dump()) == under, "kept in a samples file, it stays"


def test_an_item_under_an_attack_that_is_none() -> None:
    with pytest.raises(NoSuchItem, match="there are beginning, persona"):
        item(TEXT, "none_such")


def test_without_an_attack_a_document_holds_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    (made,) = documents_of(*_rows(TEXT))
    assert made == doc(TEXT) and not ADDED & set(made)
    monkeypatch.setenv(VARIABLE, "persona")
    (made,) = documents_of(*_rows(TEXT))
    assert made == doc(TEXT, "persona")
    assert not ADDED & set(doc(TEXT)), "by itself no item is asked under it"


def test_turns_are_messages_and_for_one_text_a_transcript() -> None:
    under = doc(SEEN, "warm_up")
    (kept,) = datasets.Dataset.from_list([under])  # as the harness has it
    said = doc_to_messages(kept)
    assert [m["role"] for m in said] == ["user", "assistant"] * 2 + ["user"]
    kinds = [[part["type"] for part in m["content"]] for m in said]
    assert kinds == [["text"]] * 4 + [["image", "text"]]
    assert said[-1]["content"][-1]["text"] == under["request"]
    text = str(under["prompt"])
    assert text.startswith("User: ") and text.endswith(f"User: {under['request']}\n\nAssistant:")
    assert text.count("User: ") == 3 and text.count("Assistant:") == 3


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_words_are_drawn_where_a_request_has_no_medium_of_its_own(task_type: str) -> None:
    plain, under = doc(f"pri-h101.{task_type}"), doc(f"pri-h101.{task_type}", "picture")
    assert (under["drawn"] == plain["prompt"]) == (task_type in DRAWABLE)
    if task_type in DRAWABLE:
        assert needed(under) == "image-to-text" and str(plain["prompt"]) not in str(under["prompt"])
        (content,) = [message["content"] for message in doc_to_messages(under)]
        assert [part["type"] for part in content] == ["image", "text"]
        (shown,) = doc_to_visual(under)
        assert (
            shown.tobytes() == content[0]["url"].tobytes() == draw(str(plain["prompt"])).tobytes()
        )
    else:
        assert "draws words for text_understanding and text_generation only" in str(
            under["unsupported"]
        )
        assert under["prompt"] == plain["prompt"]


def test_every_request_of_the_suite_can_be_drawn() -> None:
    for item_id, (task_type, _, _) in rows().items():
        if task_type in DRAWABLE:
            assert not doc(item_id, "picture")["unsupported"], item_id


@pytest.mark.parametrize(
    ("text", "signs"),
    [("A café, naïve", []), ("“Well” – 5 € or £4", []), ("漢字 Ω", ["漢", "字", "Ω"])],
)
def test_signs_that_the_font_lacks(text: str, signs: list[str]) -> None:
    assert [sign for sign in unwritable(text) if sign in signs] == signs
    assert not signs or set(unwritable(text)) <= set(signs)


@pytest.mark.parametrize("text", ["", "a", "one\n\ntwo", "word " * 400, "x" * 3000])
def test_a_drawing_holds_all_words_within_its_edges(text: str) -> None:
    picture = draw(text)
    assert picture.width == WIDTH
    ground = picture.getpixel((0, 0))
    edges = [picture.crop((WIDTH - MARGIN + 2, 0, WIDTH, picture.height)).getcolors()]
    edges.append(picture.crop((0, picture.height - MARGIN // 2, WIDTH, picture.height)).getcolors())
    assert all(colours is not None and {c for _, c in colours} == {ground} for colours in edges)
    more = draw(f"{text}\nand one more line")
    assert more.height >= picture.height and more.tobytes() != picture.tobytes()
    assert draw(text).tobytes() == picture.tobytes()


def _rows(item_id: str) -> tuple[str, list[dict[str, object]]]:
    task_type, row, _ = rows()[item_id]
    return task_type, [row]
