"""How often a judge's verdict changes when the reply is changed in a way that must not matter."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from judger.rates.agreement import Figure, share

#: A judge that flips more often than this under one change is marked wherever its rates stand.
MAX_FLIPS = 0.05


class Flips(BaseModel):
    """One change: of `n` replies with a verdict before and after it, `flips` changed theirs.

    `lost` had a verdict before and none after: no flip, but the change took the verdict away.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int
    flips: int
    lost: int = 0
    contextual: int = 0
    intrinsic: int = 0

    @property
    def rate(self) -> Figure:
        """The share that flipped, with Wilson's interval."""
        return share(self.flips, self.n)

    @property
    def unstable(self) -> bool:
        """Does it flip on more than `MAX_FLIPS`?"""
        return self.n > 0 and self.flips / self.n > MAX_FLIPS


def unstable(stress: Mapping[str, Flips]) -> dict[str, Flips]:
    """The changes under which the judge flips too often, the worst first."""
    found = [(name, flips) for name, flips in stress.items() if flips.unstable]
    return dict(sorted(found, key=lambda pair: -(pair[1].rate.value or 0)))


def unsteady(stress: Mapping[str, Flips]) -> str:
    """What has to be said of a judge that flips too often, in one sentence; "" of any other."""
    said = [
        f"{name} flips {flips.flips} of {flips.n} verdicts, {flips.rate}"
        for name, flips in unstable(stress).items()
    ]
    if not said:
        return ""
    return f"over {MAX_FLIPS:.0%} flip where nothing that matters changed: {'; '.join(said)}"
