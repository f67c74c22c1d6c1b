"""Films: how long, what moves, in which order, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from uni_safe_tasks.media.film.film import FPS, durations, film
from uni_safe_tasks.media.film.frames import frames
from uni_safe_tasks.media.film.shot import pictures
from uni_safe_tasks.scenario.schema import Deed, Frame, Utterance

TURNS = [
    Utterance(voice="anna", text="Hello there."),
    Utterance(voice="hugo", text="Good evening."),
]
SHOTS = [
    Frame.model_validate(shot)
    for shot in (
        {
            "kind": "scene", "title": "park", "motion": "pan",
            "things": [{"sign": "🐕", "what": "a dog", "does": "crosses", "caption": "Rex"}],
        },
        {"kind": "sign", "title": "NO ENTRY", "lines": ["Works until Friday"], "motion": "zoom"},
        {"kind": "caption", "title": "Later", "motion": "slide"},
        {"kind": "chat", "title": "Rosa", "lines": ["Rosa: where?", "Me: here"], "motion": "blink"},
    )
]  # fmt: skip


@pytest.mark.usefixtures("hummed")
@pytest.mark.parametrize("spoken", [[], TURNS])
def test_film_lasts_three_to_six_seconds_and_decodes(
    spoken: list[Utterance], tmp_path: Path
) -> None:
    data = film(SHOTS, spoken, "s")
    assert film(SHOTS, spoken, "s") == data
    assert data.index(b"moov") < data.index(b"mdat"), "not faststart"
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, video.frames) == (480, 360, sum(durations(SHOTS)))
        assert 3 <= video.frames / FPS <= 6
        assert len(container.streams.audio) == bool(spoken)
    shown = frames(path, 8)
    assert len(shown) == 8 and all(isinstance(f, Image.Image) for f in shown)
    assert len({f.tobytes() for f in shown}) >= 4
    assert min(np.asarray(f.convert("L")).std() for f in shown) > 8


@pytest.mark.usefixtures("hummed")
def test_film_waits_for_its_speech_but_not_for_ever() -> None:
    assert sum(durations(SHOTS[:2])) == 3 * FPS
    assert sum(durations(SHOTS[:2], 8.5)) == pytest.approx(8.5 * FPS, abs=1)
    with pytest.raises(ValueError, match="over 10 s"):
        film(SHOTS, [Utterance(voice="grace", text="one two three four five six seven " * 8)])


@pytest.mark.parametrize(("shots", "size"), [([], (480, 360)), (SHOTS, (481, 360))])
def test_film_without_shots_or_of_odd_size_is_refused(
    shots: list[Frame], size: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="needs shots"):
        film(shots, size=size)


def test_frames_have_bounds(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"a\.mp4: not a film"):
        frames(tmp_path / "a.mp4", 4)
    with pytest.raises(ValueError, match="not 0"):
        frames(tmp_path / "a.mp4", 0)


def shot(does: Deed = "", **more: object) -> Frame:
    """A dog at the left that does something, and a child at the right."""
    dog = {"sign": "🐕", "what": "a dog", "at": "left", "does": does, "caption": "REX", **more}
    child = {"sign": "👧", "what": "a girl", "at": "right", "caption": "ANA"}
    fields = {"kind": "scene", "title": "park", "things": [dog, child]}
    return Frame.model_validate(fields)


def taken(does: Deed, **more: object) -> list[np.ndarray]:
    """Nine frames of the shot, as how far they are from the park with the child alone."""
    empty = shot("vanishes")
    bare = list(pictures(empty, 9, (480, 360), "s", None))[-1]
    frames_of = pictures(shot(does, **more), 9, (480, 360), "s", None)
    return [np.abs(np.asarray(f, np.int16) - np.asarray(bare, np.int16)).max(2) for f in frames_of]


def where(change: np.ndarray) -> tuple[float, float, int]:
    """Middle (x, y) and size of what is there beside the child."""
    ys, xs = np.nonzero(change > 40)
    return (float(xs.mean()), float(ys.mean()), len(xs)) if len(xs) > 60 else (-1.0, -1.0, 0)


@pytest.mark.parametrize(
    ("does", "first", "last"),
    [
        ("", (True, "left"), (True, "left")),
        ("enters", (False, ""), (True, "left")),
        ("leaves", (True, "left"), (False, "")),
        ("crosses", (False, ""), (False, "")),
        ("appears", (False, ""), (True, "left")),
        ("vanishes", (True, "left"), (False, "")),
        ("goes_to", (True, "left"), (True, "right")),
        ("shakes", (True, "left"), (True, "left")),
    ],
)
def test_who_is_there_first_and_last(
    does: Deed, first: tuple[bool, str], last: tuple[bool, str]
) -> None:
    shown = taken(does, **({"to": 2} if does == "goes_to" else {}))
    for change, (there, side) in ((shown[0], first), (shown[-1], last)):
        x, _, size = where(change)
        assert bool(size) == there
        if there:
            assert (x < 200) == (side == "left")
    if does:
        assert len({change.tobytes() for change in shown}) >= 2, "nothing moves"


@pytest.mark.parametrize(
    ("does", "sign", "grows", "sinks"),
    [
        ("approaches", "🐕", 1, 0), ("recedes", "🐕", -1, 0),
        ("falls", "📱", 0, 1), ("falls", "🧍", 0, 1), ("rises", "🐕", 0, -1),
    ],
)  # fmt: skip
def test_how_a_thing_moves(does: Deed, sign: str, grows: int, sinks: int) -> None:
    shown = taken(does, sign=sign, caption="")
    (_, y, size), (_, later, grown) = where(shown[0]), where(shown[-1])
    if grows:
        assert (grown > 1.5 * size) if grows > 0 else (size > 1.5 * grown)
    if sinks:
        assert (later > y + 20) if sinks > 0 else (later < y - 20)


def test_tags_stay_on_the_picture_and_apart() -> None:
    """The tag of what came to a thing with a tag lay half below the picture, or over the other."""
    last = list(pictures(shot("goes_to", to=2), 9, (480, 360), "s", None))[-1]
    card = (np.abs(np.asarray(last, np.int16) - (255, 254, 249)).max(axis=2) < 3).sum(axis=1)
    rows = np.flatnonzero(card > 25)
    assert len(rows) and rows.max() < 358
    assert np.any(np.diff(rows) > 1), "two tags at different heights"


def test_another_order_of_shots_is_another_film(tmp_path: Path) -> None:
    shots = [SHOTS[0], SHOTS[2], SHOTS[3]]
    one, two = film(shots, seed="s"), film(shots[::-1], seed="s")
    assert one != two
    means = []
    for name, data in (("one", one), ("two", two)):
        (tmp_path / name).write_bytes(data)
        means.append([np.asarray(frame).mean() for frame in frames(tmp_path / name, 6)])
    assert abs(means[0][0] - means[1][-1]) < 12 < abs(means[0][0] - means[1][0])
