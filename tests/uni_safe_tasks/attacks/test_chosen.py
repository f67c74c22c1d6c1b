"""Which attacks there are, and what stops a run before anything is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from judger.contract.settings import SettingsError
from tests.e2e.harness import ROOT, environment
from uni_safe_tasks.attacks import media_key
from uni_safe_tasks.attacks.chosen import VARIABLE, chosen, named, names, require_none
from uni_safe_tasks.attacks.chosen import require_texts as texts_only
from uni_safe_tasks.harness import begin
from uni_safe_tasks.importers import imported_items
from uni_safe_tasks.paper import docs
from uni_safe_tasks.scenario import locations
from uni_safe_tasks.suite.iso.document import documents_of

NAMES = ["beginning", "persona", "picture", "warm_up"]


def test_the_attacks_are_known_told_and_apart() -> None:
    assert names() == NAMES
    made = [named(name) for name in NAMES]
    assert len({attack.sha256 for attack in made}) == len(NAMES)
    for attack in made:
        assert 10 < len(attack.about) < 120 and len(attack.sha256) == 64
    assert [attack.name for attack in made if attack.turns] == ["warm_up"]
    assert len(named("warm_up").turns) == 4
    assert [attack.name for attack in made if attack.drawn] == ["picture"]


@pytest.mark.parametrize(
    ("said", "found"), [("", None), ("  ", None), ("persona", "persona"), (" persona ", "persona")]
)
def test_the_environment_chooses(said: str, found: str | None) -> None:
    attack = chosen({VARIABLE: said})
    assert (attack.name if attack else None) == found
    assert chosen({}) is None


@pytest.mark.parametrize(
    "said", ["Persona", "persons", "../judger/contextual", "a\nb", "persona.jinja"]
)
def test_an_unknown_name_is_one_line_that_lists_them_all(said: str) -> None:
    with pytest.raises(SettingsError) as error:
        chosen({VARIABLE: said})
    assert all(name in str(error.value) for name in NAMES)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "stops",
    [
        lambda: require_none("imported items"),
        lambda: imported_items.documents([]),
        lambda: docs.documents("unsafe_t2i_generation", []),
        lambda: documents_of("iso_typed", []),
    ],
)
def test_other_items_are_never_asked_as_if_it_stood_around_them(
    stops: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "persona")
    with pytest.raises(SettingsError, match="attacks are for the 42 cells"):
        stops()


@pytest.mark.parametrize(
    ("attack", "can", "stops"),
    [
        ("", "", False),
        ("persona", "", False),
        ("warm_up", "text-to-text", False),
        ("picture", "", True),
        ("picture", "text-to-text", True),
        ("picture", "text-to-text,image-to-text", False),
    ],
)
def test_words_are_drawn_only_for_a_model_that_is_said_to_see(
    attack: str, can: str, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, attack)
    monkeypatch.setenv("UNI_SAFE_CAPABILITIES", can)
    if stops:
        with pytest.raises(SettingsError, match="needs a model that sees"):
            begin.require_sight()
    else:
        begin.require_sight()


@pytest.mark.parametrize(("attack", "stops"), [("", False), ("persona", False), ("picture", True)])
def test_a_harness_of_texts_takes_no_picture(
    attack: str, stops: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, attack)
    if stops:
        with pytest.raises(SettingsError, match="lm-eval sends texts only"):
            texts_only("lm-eval")
    else:
        texts_only("lm-eval")


def test_the_key_of_kept_replies_knows_the_attack_and_is_as_it_was_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert media_key.media_version == locations.media_version
    seen = {locations.media_version}
    for name in (*NAMES, "none_of_them"):
        monkeypatch.setenv(VARIABLE, name)
        seen.add(media_key.media_version)
    assert len(seen) == len(NAMES) + 2


def test_nothing_is_imported_that_a_core_installation_lacks() -> None:
    code = (
        "import sys; from uni_safe_tasks.attacks import chosen, draw, wrap; draw.draw('words');"
        "print([name for name in ('torch', 'lmms_eval', 'datasets') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
