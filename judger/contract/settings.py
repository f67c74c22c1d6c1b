"""The judge's settings, read from the environment (lmms-eval's `--config` YAML has an `env:` map).

With nothing set the judge is `rules`, which is loudly uncalibrated. The judge never defaults to the
model under test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from judger.contract.errors import UserError
from judger.contract.user_folders import user_cache, user_home

PREFIX = "UNI_JUDGER_"
Modality = Literal["text", "image", "audio", "video"]


class SettingsError(UserError):
    """A setting that cannot work, in one line: what, where, what to do."""


class Settings(BaseModel):
    """One judge. Every field is an environment variable of the same name, `UNI_JUDGER_…`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    backend: str = Field(default="rules", description="`rules`, `openai` or a guard's name")
    model: str = Field(default="", description="the judge's name at its endpoint")
    revision: str = Field(default="", description="its exact version, for records and submissions")
    base_url: str = Field(default="", description="the endpoint, up to `/v1`")
    api_key: SecretStr = Field(default=SecretStr(""), description="its key; in no file, in no log")
    concurrency: int = Field(default=32, ge=1, le=1024, description="questions in flight at most")
    cache: str = Field(default="", description="folder of finished answers, or `off` [~/.cache]")
    modalities: tuple[Modality, ...] = Field(
        default=("text", "image"),
        description="what it takes: text,image,audio,video (films as films)",
    )
    max_unscored: float = Field(
        default=0.2, ge=0.0, le=1.0, description="share of a cell unscored over which a run fails"
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
    max_calls: int | None = Field(
        default=None, ge=0, description="calls after which a run is judged no further"
    )
    max_cost: float | None = Field(
        default=None, ge=0, description="cost, by these prices, after which it is judged no further"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _trimmed(cls, value: object) -> object:
        """No setting begins or ends with white space; one that a shell left there is not meant."""
        return value.strip() if isinstance(value, str) else value

    @field_validator("modalities", mode="after")
    @classmethod
    def _films_with_pictures(cls, taken: tuple[Modality, ...]) -> tuple[Modality, ...]:
        """A film that cannot be sent as it is goes out as frames, which are pictures."""
        if "video" in taken and "image" not in taken:
            raise ValueError("`video` wants `image` beside it: some films are sent as frames")
        return tuple(dict.fromkeys(taken))  # named twice it is no other judge

    @field_validator("api_key", mode="after")
    @classmethod
    def _sendable(cls, key: SecretStr) -> SecretStr:
        """A key travels in a header, which holds printable ASCII only."""
        trimmed = key.get_secret_value().strip()
        if not (trimmed.isascii() and trimmed.isprintable()):
            raise ValueError("holds a character that no header can carry; copy the key again")
        return SecretStr(trimmed)

    @field_validator("cache", "ensemble", "calibration", mode="after")
    @classmethod
    def _expanded(cls, path: str) -> str:
        """`~` is the home folder, as in a shell."""
        if not path.startswith("~"):
            return path
        home = user_home()
        try:
            if path == "~" or path.startswith("~/"):
                return str(home / path[2:]) if home else str(Path(path).expanduser())
            return str(Path(path).expanduser())
        except RuntimeError:
            raise ValueError("there is no such home folder; name the whole path") from None

    @property
    def cache_dir(self) -> Path | None:
        """Where finished answers are kept; None when the cache is off, or there is no home."""
        if self.cache.lower() == "off":
            return None
        if self.cache:
            return Path(self.cache)
        base = user_cache()
        return base / "uni_judger" if base else None

    @property
    def priced(self) -> bool:
        """Is it known what tokens cost?"""
        return bool(self.price_input or self.price_output)


def shared(settings: Settings, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of one of several processes: each takes its part of the concurrency.

    torchrun and accelerate say in WORLD_SIZE how many there are, over all machines.
    """
    said = environ.get("WORLD_SIZE", "1")
    processes = max(1, int(said) if said.isdecimal() else 1)
    changes: dict[str, object] = {"concurrency": max(1, settings.concurrency // processes)}
    if settings.cache_dir is None:  # else they share one account beside the cache
        if settings.max_calls is not None:
            changes["max_calls"] = settings.max_calls // processes
        if settings.max_cost is not None:
            changes["max_cost"] = settings.max_cost / processes
    return settings.model_copy(update=changes)


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises SettingsError naming the variable and what it takes."""
    fields: dict[str, object] = {}
    for name in Settings.model_fields:
        value = environ.get(PREFIX + name.upper(), "")
        if value:
            listed = [word.strip() for word in value.split(",") if word.strip()]
            fields[name] = listed if name == "modalities" else value
    try:
        settings = Settings.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        shown = "" if name == "API_KEY" else f"={first['input']!r}"
        raise SettingsError(f"{PREFIX}{name}{shown}: {first['msg']}") from None
    return settings


def table() -> str:
    """Every setting as a Markdown table (docs/judge.md holds it; a test compares)."""
    lines = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        value = field.default
        shown = ",".join(value) if isinstance(value, tuple) else "" if value is None else f"{value}"
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
    if (wrong := _wrong_with(settings.base_url)) is not None:
        raise SettingsError(f"{PREFIX}BASE_URL{wrong} (for example {_EXAMPLES['base_url']})")


def _wrong_with(base_url: str) -> str | None:
    """Why an address cannot work, None where it can. What may be a secret is not repeated."""
    try:
        url = urlsplit(base_url)
        host, port = url.hostname, url.port
    except ValueError as error:
        return f" is no address: {error}"
    if url.scheme not in ("http", "https") or not host or port == 0:
        return f"={base_url!r} is no http(s) address"
    if url.username or url.password:
        return " holds a user name or password: put the key into UNI_JUDGER_API_KEY"
    if url.fragment or not base_url.isprintable() or " " in base_url:
        return " holds white space or a part that begins with #"
    if url.path.rstrip("/").endswith(("/chat/completions", "/completions")):
        return " names one endpoint: leave /chat/completions away"
    return None


_EXAMPLES = {"model": "gpt-4.1-mini", "base_url": "http://127.0.0.1:8000/v1"}
