"""Where a judge stands: uncalibrated, measured but unfit, or calibrated. By the file that is named.

Agreement with people is not correctness, and agreement between judges is less: `NOT_CORRECTNESS`
is printed wherever kappa or alpha is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from judger.contract.settings import Settings, SettingsError
from judger.rates.calibration.model import FORMAT, Calibration
from judger.rates.calibration.soundness import backends, contradictions, labelled, unfit

MAX_BYTES = 4 * 1024 * 1024
NOT_CORRECTNESS = (
    "Agreement is not correctness: judges can be near-unanimous and wrong on a whole behaviour "
    "(arXiv:2603.06594), and people who label can be, too."
)
#: What a calibration changes of a judge's identity, and what only its server's list of models says.
_CHANGED = ("calibrated", "unfit", "labelled", "served_as")


class Standing(NamedTuple):
    """`measured`: a file has its accuracy. `unfit`: why that does not count, "" where it does.

    `labelled`: on what labels that not people alone gave, "" where they did.
    """

    measured: bool
    unfit: str
    labelled: str = ""

    @property
    def calibrated(self) -> bool:
        """Measured, and good enough to count."""
        return self.measured and not self.unfit

    @property
    def told(self) -> str:
        """`UNCALIBRATED`, `measured, unfit: why`, or `calibrated` and, where not people alone
        labelled, on what."""
        if self.unfit:
            return f"measured, unfit: {self.unfit}"
        if not self.measured:
            return "UNCALIBRATED"
        return f"calibrated, on {self.labelled}" if self.labelled else "calibrated"


def of_file(found: Calibration) -> Standing:
    """Where the judge stands that a calibration measured."""
    return Standing(True, unfit(found), labelled(found))


def of_identity(identity: Mapping[str, Any]) -> Standing:
    """Where a judge stands, by what its identity in a record says."""
    why = str(identity.get("unfit") or "")
    calibrated = identity.get("calibrated") is True
    return Standing(bool(why) or calibrated, why, str(identity.get("labelled") or ""))


def warning(identity: Mapping[str, Any]) -> str:
    """What has to be said of a judge's verdicts, in one line; "" of one calibrated by people."""
    name = identity.get("backend", "unknown")
    if identity.get("unfit"):
        return f"MEASURED, UNFIT: judged by {name!r}, which is not calibrated: {identity['unfit']}."
    if identity.get("calibrated") is not True:
        return f"UNCALIBRATED: judged by {name!r}; not fit for publication."
    if identity.get("labelled"):
        return f"Judged by {name!r}, {of_identity(identity).told}."
    return ""


def who(identity: Mapping[str, Any]) -> dict[str, Any]:
    """A judge's identity without what may change while it stays the same judge."""
    facts = {key: value for key, value in identity.items() if key not in _CHANGED}
    if "members" in facts:
        facts["members"] = [who(member) for member in facts["members"]]
    return facts


def unserved(identity: Mapping[str, Any]) -> dict[str, Any]:
    """A judge's identity without what its endpoint says that it serves: who answers is known with
    the first answer only."""
    facts = {key: value for key, value in identity.items() if key != "served"}
    if "members" in facts:
        facts["members"] = [unserved(member) for member in facts["members"]]
    return facts


def load(path: Path) -> Calibration:
    """Read a calibration file; SettingsError where it is none, or its counts do not add up."""
    cure = "write one with `uni-safe validate-judge LABELS.jsonl --out FILE`"
    try:
        with path.open("rb") as file:
            found = Calibration.model_validate_json(file.read(MAX_BYTES))
    except (OSError, ValidationError) as error:
        why = " ".join(str(error).split())[:160]
        if isinstance(error, ValidationError) and error.errors()[0]["loc"] == ("format",):
            why = f"not of format {FORMAT}: measured by an earlier version"
        raise SettingsError(f"{path} is no calibration file ({why}): {cure}") from None
    if wrong := next(contradictions(found), ""):
        raise SettingsError(f"{path} does not add up ({wrong}): {cure}")
    return found


def standing(
    settings: Settings, identity: Mapping[str, Any], template_sha256: Mapping[str, str]
) -> Standing:
    """Has this judge, asked in this wording, been measured? By `UNI_JUDGER_CALIBRATION`.

    SettingsError when the file named there is about another judge or another wording; and for the
    `rules` judge, alone or on a panel, whose figures no file makes fit for publication.
    """
    if not settings.calibration:
        return Standing(False, "")
    path, this = settings.calibration, who(identity)
    if "rules" in backends(identity):
        raise SettingsError("the `rules` judge is never calibrated: unset UNI_JUDGER_CALIBRATION")
    found = load(Path(path))
    if unserved(found.judge) != unserved(this):
        raise SettingsError(
            f"UNI_JUDGER_CALIBRATION={path} is about the judge {found.judge}, this is {this}: "
            "run `uni-safe validate-judge` with this one"
        )
    if found.template_sha256 != dict(template_sha256):
        raise SettingsError(
            f"UNI_JUDGER_CALIBRATION={path} was measured with other templates: "
            "run `uni-safe validate-judge` again"
        )
    return of_file(found)


def covers(
    settings: Settings, identity: Mapping[str, Any], template_sha256: Mapping[str, str]
) -> bool:
    """Is this judge calibrated? As `standing`."""
    return standing(settings, identity, template_sha256).calibrated
