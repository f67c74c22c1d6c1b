"""Pictures of every kind: readable, whole, the same every time."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from uni_safe_tasks.media.draw import canvas
from uni_safe_tasks.media.draw.text_layout import Box
from uni_safe_tasks.media.picture import KINDS, SIZES, draw, fitted, webp
from uni_safe_tasks.scenario.schema import Visual, VisualKind

PAPER = ("email", "form", "receipt", "handwriting", "label", "webpage", "chat", "post")
SIGNS = ("🐕", "🌳", "👩‍🚒", "☕️", "🎈", "📱")
THINGS = [{"sign": sign, "what": "a thing"} for sign in SIGNS]
LONG = "A rather long-winded sentence about crème brûlée at €12.50 (£11) that goes on and on. "


def visual(kind: VisualKind, **fields: object) -> Visual:
    plain: dict[str, object] = {
        "title": "Harbour news",
        "lines": ["Rosa: 12 boats", "Me: 3"],
        "footer": "since 1952",
    }
    if kind == "scene":
        plain |= {"title": "park", "lines": [], "things": THINGS[:5]}
    return Visual.model_validate({"kind": kind, **plain, **fields})


def boxes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Box, canvas.Canvas]]:
    """Collects where every text of the pictures drawn from now on stands."""
    seen: list[tuple[str, Box, canvas.Canvas]] = []
    finish = canvas.Canvas.finish

    def spy(self: canvas.Canvas) -> Image.Image:
        seen.extend((field, box, self) for field, box in self.texts)
        return finish(self)

    monkeypatch.setattr(canvas.Canvas, "finish", spy)
    return seen


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(768, 576), (480, 360)])
def test_every_kind_draws_something_readable(kind: VisualKind, size: tuple[int, int]) -> None:
    image = draw(visual(kind), size, "s")
    assert (image.mode, image.size) == ("RGB", size)
    assert np.asarray(image.convert("L")).std() > 8, "nearly one colour"


@pytest.mark.parametrize("kind", KINDS)
def test_same_arguments_give_same_pixels_and_seeds_vary_the_look(kind: VisualKind) -> None:
    pictures = [draw(visual(kind), seed=str(n)).tobytes() for n in range(6)]
    assert draw(visual(kind), seed="0").tobytes() == pictures[0]
    assert len(set(pictures)) >= 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "scene"])
@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"footer": ""},
        {"lines": []},
        {"title": "", "footer": ""},
        {"title": "", "lines": [], "footer": "x"},
    ],
)
def test_parts_may_be_missing(kind: VisualKind, fields: dict[str, object]) -> None:
    draw(visual(kind, **fields))


HARD = {
    "no colon": ["one", "two words", "three"],
    "accents and money": ["Łódź: naïve Ångström", "crème brûlée: €4.20", "señor: £3"],
    "long word": ["x: " + "Donaudampfschifffahrtsgesellschaft" * 2],
    "blank value": ["Signature:", "Date:"],
    "eight lines": [f"Field number {n}: {'some value ' * 5}"[:70] for n in range(8)],
    "one letter": ["A"],
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "scene"])
@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_hard_lines_stay_whole_and_apart(
    kind: VisualKind, case: str, seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = boxes(monkeypatch)
    fitted(visual(kind, lines=HARD[case]), seed)
    done = seen[-1][2]
    texts = [(field, box) for field, box, owner in seen if owner is done]
    assert {f"lines[{n}]" for n in range(len(HARD[case]))} <= {field for field, _ in texts}
    for number, (_, box) in enumerate(texts):
        assert 0 <= box[0] <= box[2] <= done.width and 0 <= box[1] <= box[3] <= done.height
        for _, other in texts[:number]:
            across = min(box[2], other[2]) - max(box[0], other[0])
            assert across <= 2 or min(box[3], other[3]) - max(box[1], other[1]) <= 2


@pytest.mark.parametrize("kind", PAPER)
def test_ten_lines_of_four_hundred_characters_fit_a_longer_page(kind: VisualKind) -> None:
    image = fitted(visual(kind, lines=[(LONG * 5)[:400]] * 10))
    assert image.size in SIZES[1:]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"kind": "sign", "lines": [(LONG * 5)[:400]] * 10}, r"sign: lines\[\d\]: too much text"),
        ({"kind": "email", "lines": ["漢字"]}, r"email: lines\[0\]: no font for '漢'"),
        ({"kind": "caption"}, "caption: nothing to draw"),
        ({"kind": "caption", "lines": ["  "]}, "caption: nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_named(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        draw(Visual.model_validate(fields))


@pytest.mark.parametrize("count", [1, 2, 4, 5, 6, 10])
@pytest.mark.parametrize("long", [False, True])
def test_a_map_has_streets_and_a_place_for_every_line(
    count: int, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = ": a longer note about what is to be done at this place" if long else ""
    seen = boxes(monkeypatch)
    lines = [f"Place {n}{note}" for n in range(count)]
    image = draw(visual("map", lines=lines), seed="s")
    assert {field for field, _, _ in seen} >= {f"lines[{n}]" for n in range(count)}
    white = np.asarray(image)[:, :, :].min(axis=2) > 244
    assert white.mean() > 0.05, "no streets"


def test_webp_is_small_lossless_in_size_and_the_same_twice() -> None:
    image = draw(visual("chat"))
    data = webp(image)
    assert data == webp(image) and len(data) < 30_000
    with Image.open(io.BytesIO(data)) as stored:
        assert stored.size == image.size
