"""Are the packages that run ours? Their names are common words: the index has a `leaderboard`.

pip lets one distribution overwrite another's files without a word, and a folder of that name in the
current directory comes first. Only the standard library is used: what is overwritten may not load.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "uni-safebench"
#: Stands in the `__init__.py` of each package of ours.
MARK = f'__distribution__ = "{DISTRIBUTION}"'
PACKAGES = ("judger", "leaderboard", "uni_safe_tasks")


class ForeignPackageError(ImportError):
    """A package of ours was overwritten: by what, and the commands that mend it."""


def require_own_packages(packages: Iterable[str] = PACKAGES) -> None:
    """Raise ForeignPackageError if one of `packages` is not ours."""
    for package in packages:
        spec = importlib.util.find_spec(package)
        origin = spec.origin if spec else None
        if origin is None or MARK not in Path(origin).read_text("utf-8", "replace"):
            raise ForeignPackageError(_explain(package, origin))


def _explain(package: str, origin: str | None) -> str:
    mend = f"pip install --force-reinstall --no-deps {DISTRIBUTION}"
    where = f" ({origin})" if origin else ""
    claimed = set(metadata.packages_distributions().get(package, ())) - {DISTRIBUTION}
    if not claimed:
        return f"the package `{package}`{where} is not {DISTRIBUTION}'s; move it away, or {mend}"
    other = ", ".join(sorted(claimed))
    return (
        f"the package `{package}`{where} was overwritten by {other}; both cannot be installed: "
        f"pip uninstall {other} && {mend}"
    )
