"""What setup.cfg asks for and what the lock holds, read as pip reads them."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
OURS = "uni-safebench"
#: `name==version ; marker \` of a lock or a constraints file.
PIN = re.compile(r"^(?P<pin>[a-z0-9][^\\\n]*?) *\\?$", re.MULTILINE)


def read_config() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def classified_pythons() -> list[str]:
    """The Pythons that the classifiers claim: "3.10" and so on."""
    return re.findall(r"Python :: (3\.\d+)", read_config()["metadata"]["classifiers"])


def requirements(extra: str = "") -> list[Requirement]:
    """What the core, or one extra without what it takes from another, asks for."""
    config = read_config()
    text = (
        config["options.extras_require"][extra] if extra else config["options"]["install_requires"]
    )
    lines = [line.strip() for line in text.splitlines()]
    wanted = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return [requirement for requirement in wanted if requirement.name != OURS]


def extras() -> list[str]:
    return list(read_config()["options.extras_require"])


def pins(name: str) -> list[Requirement]:
    """The lines of a lock: each names one version, some for some Pythons or platforms only."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [Requirement(match["pin"]) for match in PIN.finditer(text)]


def pinned_for(wanted: list[Requirement], python: str) -> dict[str, str]:
    """Package → version on Linux x86-64 under one Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "sys_platform": "linux",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    found: dict[str, str] = {}
    for pin in wanted:
        if pin.marker is None or pin.marker.evaluate(environment):
            name = canonicalize_name(pin.name)
            assert name not in found, f"{name} is locked twice for {python}"
            found[name] = str(pin.specifier).removeprefix("==")
    return found
