"""A judge that takes films is sent the film; what went out stands in the record and in the key."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.record import Record
from judger.contract.settings import SettingsError, load
from judger.judges.prompting import shown
from judger.judges.registry import forms
from judger.media import bounds, encode
from judger.media.decode.formats import sent_as
from judger.media.files import MediaKind
from judger.reply.parts import Part
from tests.judger.films import film
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import JudgeServer

TAKES = "text,image,audio,video"
FILM, FRAMES, SOUND = "video_url", "image_url", "input_audio"


def sent_in(body: dict[str, Any]) -> list[str]:
    content = body["messages"][1]["content"]
    return [] if isinstance(content, str) else [p["type"] for p in content if p["type"] != "text"]


def judged(server: JudgeServer, reply: Any, takes: str = TAKES, **more: Any) -> Record:
    cache = more.pop("cache", "off")
    with session(server.url, cache, modalities=takes, video_frames="4") as made:
        raw = reply if isinstance(reply, str) else json.dumps(reply)
        return made.submit(item(**more), raw).result(60)


@pytest.mark.parametrize(
    ("name", "loudness", "takes", "sent", "told"),
    [
        ("a.mp4", None, TAKES, [FILM], "1 film"),
        ("a.webm", None, TAKES, [FILM], "1 film"),
        ("a.mp4", 0.5, TAKES, [FILM, SOUND], "1 film, 1 sound"),
        ("a.mp4", 0.5, "text,image,video", [FILM], "1 film"),
        ("a.mov", None, TAKES, [FRAMES] * 4, "4 pictures"),
        ("a.mkv", None, TAKES, [FRAMES] * 4, "4 pictures"),
        ("a.avi", None, TAKES, [FRAMES] * 4, "4 pictures"),
        ("a.mp4", 0.5, "text,image,audio", [FRAMES] * 4 + [SOUND], "4 pictures, 1 sound"),
        ("a.mp4", None, "text,image", [FRAMES] * 4, "4 pictures"),
    ],
)
def test_a_film_of_a_reply(
    tmp_path: Path, name: str, loudness: float | None, takes: str, sent: list[str], told: str
) -> None:
    path = film(tmp_path / name, loudness=loudness)
    with JudgeServer() as server:
        record = judged(server, {"text": "", "videos": [str(path)]}, takes)
        asked = [body for body in server.bodies if sent_in(body)]
    assert (record.outcome, [sent_in(body) for body in asked]) == ("scored", [sent] * 2)
    (part,) = record.parts
    assert dict(part.shown) == {"contextual": told, "intrinsic": told}
    assert Record.from_json(json.loads(json.dumps(record.to_json()))).parts == record.parts
    if FILM in sent:
        (url,) = {p[FILM]["url"] for b in asked for p in b["messages"][1]["content"] if FILM in p}
        head, _, data = url.partition(",")
        assert head == f"data:video/{name[2:]};base64"
        assert base64.b64decode(data) == path.read_bytes(), "the file's own bytes"


@pytest.mark.parametrize("red", [True, False])
def test_what_only_the_film_shows_is_judged(tmp_path: Path, red: bool) -> None:
    colour = Image.new("RGB", (64, 64), (220, 20, 20) if red else (20, 20, 220))
    path = film(tmp_path / "a.mp4", pictures=[colour] * 10)
    with JudgeServer() as server:
        record = judged(server, {"text": "", "videos": [str(path)]})
    assert record.intrinsic == ("unsafe" if red else "safe")


@pytest.mark.parametrize(
    ("medium", "takes", "sent", "told"),
    [
        ("video", TAKES, [FILM], "1 film"),
        ("video", "text,image", [FRAMES] * 4, "4 pictures"),
        ("video", "text", [], "in words"),
        ("audio", "text,audio", [SOUND], "1 sound"),
        ("audio", "text,image", [], "in words"),
    ],
)
def test_the_requests_own_medium(
    media: dict[MediaKind, Path], medium: MediaKind, takes: str, sent: list[str], told: str
) -> None:
    about = {medium: str(media[medium]), "media_text": "a film of a street"}
    with JudgeServer() as server:
        record = judged(server, "A street.", takes, **about)
        contextual, *rest = sorted(map(sent_in, server.bodies), key=len, reverse=True)
    assert record.outcome == "scored" and contextual == sent and not any(rest)
    assert dict(record.parts[0].shown) == {"contextual": told}


def test_text_alone_has_no_form_to_tell() -> None:
    with JudgeServer() as server:
        (part,) = judged(server, "Ask your bank.").parts
    assert part.shown == {} and "shown" not in part.to_json()


def test_an_answer_about_frames_is_none_about_the_film(tmp_path: Path) -> None:
    reply = {"text": "", "videos": [str(film(tmp_path / "a.mp4"))]}
    with JudgeServer() as server:
        calls = []
        for takes in ("text,image", TAKES, TAKES, "text,image"):
            judged(server, reply, takes, cache=tmp_path / "cache")
            calls.append(server.seen["calls"])
    assert calls == [2, 4, 4, 4], "asked once in each form"


@pytest.mark.parametrize("over", [False, True])
def test_a_film_over_the_bound_is_shown_in_frames(
    tmp_path: Path, over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from judger.media.decode import film as films

    data = film(tmp_path / "a.mp4").read_bytes()
    monkeypatch.setattr(films, "SENT_FILM_BYTES", len(data) - over)
    kinds = {piece.kind for piece in films.film_pieces(data, 4, 64, True, whole=True)}
    assert kinds == ({"text", "image"} if over else {"video"})
    assert bounds.SENT_FILM_BYTES < bounds.MAX_BYTES


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_broken_film_is_never_sent(tmp_path: Path, share: float) -> None:
    path = film(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with JudgeServer() as server:
        record = judged(server, {"text": "", "videos": [str(path)]})
        assert not any(map(sent_in, server.bodies))
    assert record.outcome == "target_error"


def test_a_server_that_knows_no_films_gives_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.servers.judge.FILM", "no film at all")
    with JudgeServer() as server:
        record = judged(server, {"text": "", "videos": [str(film(tmp_path / "a.mp4"))]})
    assert record.outcome == "judge_error" and "video_url" in record.reason


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.mp4", "video/mp4"), ("a.webm", "video/webm"), ("a.mov", ""), ("a.mkv", ""), ("a.avi", "")],
)
def test_what_a_film_is_sent_as(tmp_path: Path, name: str, form: str) -> None:
    assert sent_as(film(tmp_path / name).read_bytes()) == form


@pytest.mark.parametrize("guard", ["guardreasoner_omni", "omniguard"])
@pytest.mark.parametrize("takes", ["text,image", "text,image,video"])
def test_a_guard_takes_films_where_its_server_does(tmp_path: Path, guard: str, takes: str) -> None:
    form = forms()[guard](load({"UNI_JUDGER_BACKEND": guard, "UNI_JUDGER_MODALITIES": takes}))
    part = Part("video", path=film(tmp_path / "a.mp4"))
    text = str(form.question("intrinsic", item(), part).body)
    assert (FILM in text, FRAMES in text) == ("video" in takes, "video" not in takes)


def test_a_judge_says_what_it_is_shown() -> None:
    assert "a film as 8 frames" in shown(load({}))
    said = shown(load({"UNI_JUDGER_MODALITIES": TAKES}))
    assert "a film as a film (MP4, WebM to 16 MiB), else as 8 frames" in said


def test_films_want_pictures_beside_them() -> None:
    with pytest.raises(SettingsError, match=r"UNI_JUDGER_MODALITIES.*`image` beside it"):
        load({"UNI_JUDGER_MODALITIES": "text,video"})


def test_a_film_counts_towards_what_is_kept(tmp_path: Path) -> None:
    content = encode.encode(
        film(tmp_path / "a.mp4"), "video", load({"UNI_JUDGER_MODALITIES": TAKES})
    )
    assert encode._size(tuple(content)) > (tmp_path / "a.mp4").stat().st_size
