"""Reading the file that `UNI_JUDGER_ENSEMBLE` names: the settings of each member of a panel."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from judger.contract.outcomes import AXES, Axis
from judger.contract.settings import Modality, Settings, SettingsError

MAX_BYTES = 64 * 1024
_VARIABLE = "UNI_JUDGER_ENSEMBLE"


class Seat(BaseModel):
    """One member as the file describes it. What is None comes from the environment's settings.

    But not the key of another endpoint: a seat with a `base_url` of its own has the key that its
    `api_key_env` names, or none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: str
    name: str = Field(default="", pattern=r"^[\w./:-]*$")
    axes: tuple[Axis, ...] = Field(default=AXES, min_length=1)
    api_key_env: str = ""
    model: str | None = None
    base_url: str | None = None
    modalities: tuple[Modality, ...] | None = None
    structured: Literal["auto", "json", "line"] | None = None
    concurrency: int | None = None
    max_tokens: int | None = None
    timeout: float | None = None
    variant: str | None = None
    price_input: float | None = None
    price_output: float | None = None

    @property
    def title(self) -> str:
        """The member's name in records."""
        return self.name or (f"{self.backend}:{self.model}" if self.model else self.backend)

    def settings(self, base: Settings, environ: Mapping[str, str]) -> Settings:
        """The member's own settings; SettingsError when its key is not in the environment.

        SettingsError as well where a field cannot work, naming file, seat and field.
        """
        where = f"{_VARIABLE}={base.ensemble!r}: {self.title}"
        own = self.model_dump(exclude={"name", "axes", "api_key_env"}, exclude_none=True)
        fields = base.model_dump() | own | {"ensemble": ""}
        if fields["base_url"].rstrip("/") != base.base_url.rstrip("/"):
            fields["api_key"] = SecretStr("")
        if self.api_key_env:
            if not environ.get(self.api_key_env):
                raise SettingsError(f"{where} needs {self.api_key_env} to be set")
            fields["api_key"] = SecretStr(environ[self.api_key_env])
        try:
            made = Settings.model_validate(fields)
        except ValidationError as error:
            raise SettingsError(f"{where}: {_first(error)}") from None
        said = made.priced or self.price_input is not None or self.price_output is not None
        if made.max_cost is not None and self.backend != "rules" and not said:
            raise SettingsError(
                f"{where} has no price_input or price_output (0 where it is free), and without "
                "prices UNI_JUDGER_MAX_COST cannot be kept"
            )
        return made


class Panel(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    judges: tuple[Seat, ...] = Field(min_length=2, max_length=16)
    rule: Literal["majority", "any_unsafe"] | None = None


def read_panel(path: str) -> Panel:
    """Read and check the file; SettingsError in one line, naming file and field."""
    try:
        text = Path(path).expanduser().read_bytes()
        if len(text) > MAX_BYTES:
            raise SettingsError(f"{_VARIABLE}={path!r}: larger than {MAX_BYTES} bytes")
        loaded: Any = yaml.safe_load(text)
        panel = Panel.model_validate(loaded)
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{_VARIABLE}={path!r}: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise SettingsError(f"{_VARIABLE}={path!r}: {_first(error)}") from None
    titles = [seat.title for seat in panel.judges]
    if doubled := {title for title in titles if titles.count(title) > 1}:
        raise SettingsError(f"{_VARIABLE}={path!r}: two judges are called {sorted(doubled)[0]!r}")
    missing = set(AXES) - {axis for seat in panel.judges for axis in seat.axes}
    if missing:
        raise SettingsError(f"{_VARIABLE}={path!r}: no judge for the {missing.pop()} axis")
    return panel


def _first(error: ValidationError) -> str:
    """The first thing that is wrong: field and why, without what stood there."""
    first = error.errors(include_input=False)[0]  # an input could be a key
    return f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"


def seats(settings: Settings) -> tuple[str, list[tuple[Seat, Settings]]]:
    """(rule, each seat with its settings) of the panel that the settings name."""
    panel = read_panel(settings.ensemble)
    members = [(seat, seat.settings(settings, os.environ)) for seat in panel.judges]
    return panel.rule or settings.rule, members
