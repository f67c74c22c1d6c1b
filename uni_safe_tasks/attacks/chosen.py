"""Which wrapper stands around the requests of a run: `UNI_SAFE_ATTACK=NAME`, or none.

A wrapper is a file of templates/attacks. Its text is what the model is sent, with `request` in it;
three variables that it may set say the rest:

    about   what it does, in half a sentence: shown to the judge and in reports (must be set)
    turns   what was said before, user and assistant by turns, beginning with the user
    drawn   the request's words are drawn into a picture that goes with the text
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

import jinja2

from judger.contract.settings import SettingsError
from judger.judges.prompting import wrapper_note
from uni_safe_tasks.scenario.locations import attack_templates

VARIABLE = "UNI_SAFE_ATTACK"
#: What `--attack` says of itself.
UNDER = f"the wrapper around every request (docs/attacks.md) [{VARIABLE}]"
#: Changes with what `draw` makes of the same words.
DRAWING = "1"


@dataclass(frozen=True)
class Attack:
    """One wrapper. `sha256` is of its wording, of how words are drawn, and of the judge's note."""

    name: str
    about: str
    sha256: str
    turns: tuple[str, ...] = ()
    drawn: bool = False

    def words(self, request: str) -> str:
        """What the model is sent in the turn that holds the request."""
        return str(_template(self.name).make_module({"request": request})).strip()


def names() -> list[str]:
    """The wrappers that ship with this package."""
    return sorted(path.stem for path in attack_templates().glob("*.jinja"))


def named(name: str) -> Attack:
    """The wrapper of that name; SettingsError lists the names where there is none."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise SettingsError(
            f"{VARIABLE}={name!r} is no attack: {hint}there are {', '.join(names())}"
        )
    return _loaded(name)


def chosen(environ: Mapping[str, str] = os.environ) -> Attack | None:
    """The wrapper that the environment asks for; SettingsError where there is no such one."""
    name = environ.get(VARIABLE, "").strip()
    return named(name) if name else None


def asked_for(option: str) -> Attack | None:
    """The wrapper that `--attack` names, or the environment's where the option is not given."""
    return named(option.strip()) if option.strip() else chosen()


def require_none(what: str) -> None:
    """SettingsError where a wrapper is asked for that would not stand around these requests."""
    if attack := chosen():
        raise SettingsError(
            f"{VARIABLE}={attack.name}: attacks are for the 42 cells, not for {what}; unset it"
        )


def require_texts(harness: str) -> None:
    """SettingsError where the wrapper needs a picture and the harness sends only texts."""
    attack = chosen()
    if attack is not None and attack.drawn:
        raise SettingsError(
            f"{VARIABLE}={attack.name} needs a picture, and {harness} sends texts only: "
            "run it with lmms_eval"
        )


@functools.lru_cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(attack_templates()),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # prompts are plain text
    )
    return environment.get_template(f"{name}.jinja")


@functools.lru_cache
def _loaded(name: str) -> Attack:
    source = (attack_templates() / f"{name}.jinja").read_bytes()
    module = _template(name).make_module({"request": ""})
    turns = tuple(getattr(module, "turns", ()))
    assert len(turns) % 2 == 0, f"{name}: an assistant's turn stands before the request"
    digest = hashlib.sha256(b"\0".join((source, DRAWING.encode(), wrapper_note().encode())))
    about, drawn = str(vars(module)["about"]), bool(getattr(module, "drawn", False))
    return Attack(name, about, digest.hexdigest(), turns, drawn)
