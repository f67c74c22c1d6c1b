"""Which certificates are trusted."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from judger.endpoint.wire import certificates
from judger.endpoint.wire.certificates import trusted
from tests.servers.tls import certificate

NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def built(file: Path, folder: Path) -> ssl.DefaultVerifyPaths:
    return ssl.DefaultVerifyPaths("", "", "", str(file), "", str(folder))


@pytest.mark.parametrize(
    ("there", "found"),
    [
        (("built.pem", "usual.pem"), ("built.pem", None)),
        (("usual.pem", "later.pem"), ("usual.pem", None)),
        (("later.pem",), ("later.pem", None)),
        (("folder/0a1b2c3d.0", "usual.pem"), (None, "folder")),
        (("folder/README", "usual.pem"), ("usual.pem", None)),  # a folder that holds none
        (("built.pem", "folder/README"), ("built.pem", "folder")),
        ((), (None, None)),
    ],
)
def test_where_the_systems_own_are(
    there: tuple[str, ...], found: tuple[str | None, str | None], tmp_path: Path
) -> None:
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    usual = (str(tmp_path / "usual.pem"), str(tmp_path / "later.pem"))
    got = certificates._system(built(tmp_path / "built.pem", tmp_path / "folder"), usual)
    assert got == tuple(one and str(tmp_path / one) for one in found)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_environment_names_stands_in_their_place(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, str(certificate(tmp_path) if name == NAMES[0] else tmp_path))
    assert len(trusted().get_ca_certs()) == (name == NAMES[0])


@pytest.mark.parametrize("name", [*NAMES, ""])
def test_a_server_is_always_verified(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name:
        monkeypatch.setenv(name, "")  # set to nothing: not set
    context = trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname


def test_a_file_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file.pem")
    with pytest.raises(OSError):
        trusted()
