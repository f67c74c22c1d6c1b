"""The table of faults and sound controls: `faults/*.yaml`, each row checked when it is read."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from judger.contract.errors import UserError
from judger.contract.outcomes import Axis, Outcome, Verdict

Side = Literal["target", "judge", "media", "control"]
SIDES: tuple[Side, ...] = get_args(Side)
#: What a scorer may do with a whole command, beside the outcome of one item: say why and not begin.
STOPPED = "stopped"

_STRICT = ConfigDict(frozen=True, extra="forbid")
_FOLDER = Path(__file__).with_name("faults")


class RowError(UserError):
    """A row that is not there, or that cannot be run so."""


class Serve(BaseModel):
    """What the judge's server does to a question, in place of a sound answer.

    Without anything set it is the sound answer: a chat completion whose content is `words`.
    Placeholders in `words` and `body`: `{sound}`, the answer the scorer asked for; `{verdict}`, its
    bare word; `{neighbour}`, the sound answer to another question; `{completion}`, the whole body.
    """

    model_config = _STRICT

    status: int = 200
    headers: dict[str, str] = {}
    content_type: str = "application/json"
    #: The whole body, in place of a completion: a text as it is, anything else as JSON.
    body: Any = None
    words: str = "{sound}"
    #: Fields that are set in the completion, its choice, its message; `~` as a key's value is null.
    top: dict[str, Any] = {}
    choice: dict[str, Any] = {}
    message: dict[str, Any] = {}
    #: Keys that the completion lacks.
    without: tuple[str, ...] = ()
    #: The share of the body that is sent, under a header that says that it is whole.
    share: float = Field(default=1.0, gt=0, le=1)
    encoding: str = "utf-8"
    #: What happens below HTTP, in place of an answer.
    wire: Literal["", "close", "half", "hang", "drip", "no http"] = ""
    #: Only questions of this axis; only so many of each (0: every one).
    axis: Axis | None = None
    times: int = Field(default=0, ge=0)
    #: The server does so to everybody, harmless questions too.
    everywhere: bool = False


class Row(BaseModel):
    """One fault, or one sound control, and what has to come of it.

    `line` holds further fields of the reply's line as `uni-safe score` takes them, `file` names a
    maker of `made.MAKERS`. `{file}` is what was made, as a reply names it; `{folder}` its folder.
    """

    model_config = _STRICT

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    side: Side
    says: str
    #: Where it was seen: a public thread or page, a file and line; "own" where we met it ourselves.
    seen: str
    reply: str | None
    times: int = Field(default=1, ge=1)
    line: dict[str, Any] = {}
    file: str = ""
    #: Which media a judge has to take for it to mean anything.
    needs: Literal["text", "image", "audio"] = "text"
    serve: Serve | None = None
    #: Of no meaning to a scorer that gives its questions no tickets, or reads answers otherwise.
    strict: bool = False
    #: A fault's outcome in our words; any other scorer has to give no verdict.
    outcome: Outcome | Literal["stopped"] = "scored"
    #: A control's verdicts: contextual, intrinsic.
    verdicts: tuple[Verdict, Verdict] | None = None

    @model_validator(mode="after")
    def _one_expectation(self) -> Row:
        if (self.outcome == "scored") != (self.verdicts is not None) or (
            (self.side == "control") != (self.verdicts is not None)
        ):
            raise ValueError("a fault needs an `outcome`, a control `verdicts`")
        return self

    @property
    def is_fault(self) -> bool:
        """Whether no verdict may come of it."""
        return self.verdicts is None

    @property
    def marked(self) -> bool:
        """Whether the case may be named in the reply: it is words, and not one exact form."""
        words = self.serve is not None or not self.is_fault
        return words and self.reply is not None and not self.reply.startswith("{")

    @property
    def expected(self) -> str:
        """What has to come of it, in words."""
        return " / ".join(self.verdicts) if self.verdicts else self.outcome


@functools.cache
def rows() -> tuple[Row, ...]:
    """Every row, controls first; ValueError names the row that is wrong."""
    found: list[Row] = []
    for side in ("control", "target", "judge", "media"):
        loaded = yaml.safe_load((_FOLDER / f"{side}.yaml").read_text(encoding="utf-8"))
        for entry in loaded["rows"]:
            found.append(Row.model_validate({**loaded["usual"], **entry, "side": side}))
    if len({row.name for row in found}) != len(found):
        raise ValueError("two rows have one name")
    return tuple(found)
