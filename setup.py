"""What setup.cfg cannot say: packages that are found, and a README that renders elsewhere.

Three packages lie in templates/ under the names they are imported by. The README's links are
relative to the repository: in the package's description they lead to `Source` of `project_urls`
where that is set, and are plain words where it is not.
"""

import configparser
import re
import tempfile
from pathlib import Path

from setuptools import find_packages, setup

TEMPLATES = ["judger.templates", "uni_safe_tasks.templates", "uni_safe_tasks.attack_templates"]
LINK = re.compile(r"\[([^\]]+)\]\((?!https?://|#)([^)]+)\)")


def describe(readme: str, source: str, version: str) -> str:
    """The README with every relative link absolute, or plain where there is no `source`."""
    if not source:
        return LINK.sub(r"\1", readme)
    return LINK.sub(rf"[\1]({source}/blob/v{version}/\2)", readme)


def read_setup() -> tuple[str, str]:
    """(`Source` of project_urls or "", version) from setup.cfg."""
    config = configparser.ConfigParser()
    config.read("setup.cfg", encoding="utf-8")
    urls = config["metadata"].get("project_urls", "").strip().splitlines()
    named = dict(line.split(" = ", 1) for line in urls)
    return named.get("Source", "").rstrip("/"), config["metadata"]["version"]


if __name__ == "__main__":
    ours = find_packages(include=["judger*", "leaderboard*", "uni_safe_tasks*"])
    # Not in the checkout: setuptools packs what an earlier build left there, and the metadata of an
    # earlier version hides the installed one from whatever runs in this folder.
    with tempfile.TemporaryDirectory() as scratch:
        setup(
            packages=[*ours, *TEMPLATES],
            long_description=describe(Path("README.md").read_text(encoding="utf-8"), *read_setup()),
            long_description_content_type="text/markdown",
            options={"build": {"build_base": scratch}, "egg_info": {"egg_base": scratch}},
        )
