"""The judge's settings, read from the environment (lmms-eval's `--config` YAML has an `env:` map).

With nothing set the judge is `rules`, which is loudly uncalibrated. The judge never defaults to the
model under test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "UNI_JUDGER_"
Modality = Literal["text", "image", "audio"]


class SettingsError(ValueError):
    """A setting that cannot work, in one line: what, where, what to do."""


class Settings(BaseModel):
    """One judge. Every field is an environment variable of the same name, `UNI_JUDGER_…`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backend: str = Field(default="rules", description="`rules`, `openai` or a guard's name")
    model: str = Field(default="", description="the judge's name at its endpoint")
    revision: str = Field(default="", description="its exact version, for records and submissions")
    base_url: str = Field(default="", description="the endpoint, up to `/v1`")
    api_key: SecretStr = Field(default=SecretStr(""), description="its key; in no file, in no log")
    concurrency: int = Field(default=32, ge=1, le=1024, description="questions in flight at most")
    cache: str = Field(default="", description="folder of finished answers, or `off` [~/.cache]")
    modalities: tuple[Modality, ...] = Field(
        default=("text", "image"), description="what it takes: text,image,audio"
    )
    max_unscored: float = Field(
        default=1.0, ge=0.0, le=1.0, description="share of unscored items over which a run fails"
    )
    mode: Literal["strict", "reference"] = Field(
        default="strict", description="`reference`: the published protocol's rules"
    )
    structured: Literal["auto", "json", "line"] = Field(
        default="auto", description="the form of an answer: JSON by schema, or a last line"
    )
    timeout: float = Field(default=120.0, gt=0, description="seconds for one attempt")
    deadline: float = Field(default=600.0, gt=0, description="seconds for one question in all")
    retries: int = Field(default=6, ge=0, le=20, description="attempts after the first")
    max_tokens: int = Field(default=512, ge=16, description="the length of an answer")
    video_frames: int = Field(default=8, ge=1, le=32, description="frames it is shown of a film")
    image_side: int = Field(
        default=1024, ge=64, le=4096, description="longest side of a picture it is sent, in pixels"
    )
    variant: str = Field(default="default", description="a wording of templates/judger/variants")
    ensemble: str = Field(default="", description="a file with a panel of judges, instead of one")
    rule: Literal["majority", "any_unsafe"] = Field(
        default="majority", description="how the panel decides"
    )
    calibration: str = Field(default="", description="the file of `uni-safe validate-judge`")
    price_input: float = Field(default=0.0, ge=0, description="price of 1e6 input tokens")
    price_output: float = Field(default=0.0, ge=0, description="price of 1e6 output tokens")

    @property
    def cache_dir(self) -> Path | None:
        """Where finished answers are kept; None when the cache is off."""
        if self.cache.lower() == "off":
            return None
        home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
        return Path(self.cache) if self.cache else home / "uni_judger"


def shared(settings: Settings, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of one of several processes: each takes its part of the concurrency.

    torchrun and accelerate say in WORLD_SIZE how many there are, over all machines.
    """
    processes = environ.get("WORLD_SIZE", "1")
    part = settings.concurrency // max(1, int(processes) if processes.isdecimal() else 1)
    return settings.model_copy(update={"concurrency": max(1, part)})


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises SettingsError naming the variable and what it takes."""
    fields: dict[str, object] = {}
    for name in Settings.model_fields:
        value = environ.get(PREFIX + name.upper(), "")
        if value:
            fields[name] = value.split(",") if name == "modalities" else value
    try:
        settings = Settings.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise SettingsError(f"{PREFIX}{name}={first['input']!r}: {first['msg']}") from None
    return settings


def table() -> str:
    """Every setting as a Markdown table (docs/judge.md holds it; a test compares)."""
    lines = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        value = field.default
        shown = ",".join(value) if isinstance(value, tuple) else f"{value}"
        cell = f"`{shown}`" if shown else ""
        lines.append(f"| `{PREFIX}{name.upper()}` | {cell} | {field.description} |")
    return "\n".join(lines)


def require_endpoint(settings: Settings) -> None:
    """SettingsError unless a judge that is asked over a network has a model and an address."""
    for name in ("model", "base_url"):
        if not getattr(settings, name):
            raise SettingsError(
                f"{PREFIX}{name.upper()} is not set: the {settings.backend!r} judge needs it "
                f"(for example {_EXAMPLES[name]})"
            )
    if not settings.base_url.startswith(("http://", "https://")):
        raise SettingsError(
            f"{PREFIX}BASE_URL={settings.base_url!r} is no http(s) address "
            f"(for example {_EXAMPLES['base_url']})"
        )


_EXAMPLES = {"model": "gpt-4.1-mini", "base_url": "http://127.0.0.1:8000/v1"}
