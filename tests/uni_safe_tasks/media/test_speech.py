"""Speech: phonemes, voices, noise behind them, the cache, and sound out of files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.uni_safe_tasks.media.voices import needs_espeak, needs_voices
from uni_safe_tasks.media.speech import kokoro
from uni_safe_tasks.media.speech.noise import RATIO, behind
from uni_safe_tasks.media.speech.phonemes import phonemes
from uni_safe_tasks.media.speech.sound_files import RATE, decode
from uni_safe_tasks.media.speech.speak import samples, speak
from uni_safe_tasks.media.speech.voices import SPEED, VOICES, Accent
from uni_safe_tasks.scenario import media_files
from uni_safe_tasks.scenario.schema import Noise, Utterance

TURNS = [
    Utterance(voice="anna", text="Hello there."),
    Utterance(voice="hugo", text="Good evening."),
]


@needs_espeak
@pytest.mark.parametrize(
    ("text", "accent", "said"),
    [
        ("The chair.", "en-gb", "ðə ʧˈɛː."),
        ("The chair.", "en-us", "ðə ʧˈɛɹ."),
        ("Beer, water!", "en-gb", "bˈɪə, wˈɔːtə!"),
        ("Beer, water!", "en-us", "bˈɪɹ, wˈɔTəɹ!"),
        ("Go home", "en-gb", "ɡˌQ hˈQm"),
        ("Go home", "en-us", "ɡˌO hˈOm"),
        ("A joy to play", "en-us", "ə ʤˈY tə plˈA"),
        # An unstressed "I" at the start was not heard.
        ("I say I'm here", "en-us", "ˌI sˈA ˌIm hˈɪɹ"),
        ("“Stop” [now] – please…", "en-gb", "“ stˈɒp ” (nˈW )— plˈiːz…"),
    ],
)
def test_phonemes_are_those_of_the_model(text: str, accent: Accent, said: str) -> None:
    plain = " ".join(phonemes(text, accent).split())
    assert plain.replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("abc", ["abc"]),
        ("one two. three four", ["one two.", "three four"]),
        ("one two, three four", ["one two,", "three four"]),
        ("one two three four", ["one two", "three four"]),
        ("x" * 25, ["x" * 12, "x" * 12, "x"]),
    ],
)
def test_long_turns_are_cut_where_one_breathes(said: str, expected: list[str]) -> None:
    assert kokoro.parts(said, 12) == expected


def test_noise_is_the_same_twice_and_as_loud_as_it_should_be() -> None:
    seconds = np.arange(3 * RATE) / RATE
    speech = (0.4 * np.sin(2 * np.pi * 220 * seconds)).astype(np.float32)
    assert behind(speech, RATE, "") is speech
    kinds: tuple[Noise, ...] = ("room", "street", "cafe", "train", "wind")
    heard = {kind: behind(speech, RATE, kind) for kind in kinds}
    assert len({sound.tobytes() for sound in heard.values()}) == 5
    for kind, sound in heard.items():
        assert behind(speech, RATE, kind).tobytes() == sound.tobytes()
        assert sound.dtype == np.float32 and len(sound) == len(speech)
        assert 0.1 < np.abs(sound).max() <= 0.91
        if kind == "room":
            continue
        # What is left when the speech is taken out, by its share in the mixture.
        inner = slice(RATE // 4, -RATE // 4)
        share = float(np.dot(sound[inner], speech[inner]) / np.dot(speech[inner], speech[inner]))
        rest = sound[inner] - share * speech[inner]
        ratio = 10 * np.log10(np.mean((share * speech[inner]) ** 2) / np.mean(rest**2))
        assert ratio == pytest.approx(RATIO[kind], abs=2.5), kind


def test_what_was_said_is_kept_and_without_a_model_the_reason_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_SAFE_VOICES", str(tmp_path))
    monkeypatch.setattr(kokoro, "phonemes", lambda text, accent: text)
    turn = Utterance(voice="ben", text="Good morning")
    with pytest.raises(RuntimeError, match=r"speaking model is missing: python -m .*\.fetch"):
        kokoro.spoken(turn)
    (tmp_path / "am_michael.bin").write_bytes(np.zeros((510, 256), "<f4").tobytes())
    monkeypatch.setattr(kokoro, "missing", lambda: "")
    monkeypatch.setattr(kokoro, "_infer", lambda said, style, speed: np.full(100, speed / 2, "f4"))
    first = kokoro.spoken(turn)
    monkeypatch.setattr(kokoro, "_infer", None)
    assert kokoro.spoken(turn).tobytes() == first.tobytes() and first.max() == pytest.approx(
        0.7, abs=1e-4
    )
    with pytest.raises(TypeError):
        kokoro.spoken(Utterance(voice="ben", text="Good morning", pace="quick"))
    with pytest.raises(ValueError, match=r"ben says nothing for "):
        kokoro.spoken(Utterance(voice="ben", text="..."))


@needs_voices
def test_speech_is_the_same_in_another_process_and_decodes_to_16_khz(tmp_path: Path) -> None:
    data = speak(TURNS)
    code = (
        "import sys; from uni_safe_tasks.media.speech.speak import speak;"
        "from uni_safe_tasks.scenario.schema import Utterance;"
        f"turns = [Utterance.model_validate(t) for t in {[t.model_dump() for t in TURNS]!r}];"
        "sys.stdout.buffer.write(speak(turns))"
    )
    root = Path(media_files.__file__).parents[2]
    again = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    assert again.stdout == data
    (tmp_path / "a.ogg").write_bytes(data)
    sound, rate = decode(tmp_path / "a.ogg")
    assert (rate, sound.dtype, sound.ndim) == (RATE, np.dtype(np.float32), 1)
    assert 1.5 < len(sound) / rate < 5 and 0.2 < np.abs(sound).max() <= 1.05
    assert len(data) * 8 / (len(sound) / rate) < 40_000


@needs_voices
def test_voices_and_paces_differ() -> None:
    said = {samples([Utterance(voice=v, text="Good morning.")]).tobytes() for v in VOICES}
    assert len(said) == len(VOICES) == 8
    assert {speaker.accent for speaker in VOICES.values()} == {"en-us", "en-gb"}
    lengths = [len(samples([Utterance(voice="ben", text="Good.", pace=p)])) for p in SPEED]
    assert lengths == sorted(lengths, reverse=True) and len(set(lengths)) == 3


@pytest.mark.usefixtures("hummed")
def test_sound_that_cannot_be_had_is_named(tmp_path: Path) -> None:
    (tmp_path / "long.ogg").write_bytes(speak(TURNS))
    assert speak(TURNS) == (tmp_path / "long.ogg").read_bytes() != speak(TURNS, "wind")
    with pytest.raises(ValueError, match=r"long\.ogg: lasts over 1 s"):
        decode(tmp_path / "long.ogg", longest=1)
    (tmp_path / "text.ogg").write_text("not a sound")
    with pytest.raises(ValueError, match=r"text\.ogg: not a media file"):
        decode(tmp_path / "text.ogg")
