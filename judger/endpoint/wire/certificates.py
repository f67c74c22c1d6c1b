"""The certificates that are trusted: those that the environment names, else the system's own.

SSL_CERT_FILE and SSL_CERT_DIR stand in place of the system's, as for other clients on the machine.
"""

from __future__ import annotations

import os
import platform
import re
import ssl
from pathlib import Path

#: Where systems keep them, for a Python whose OpenSSL was built to look somewhere else.
_USUAL = (
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/ca-bundle.pem",
)
#: A certificate's name in a folder that OpenSSL looks things up in.
_HASHED = re.compile(r"[0-9a-fA-F]{8}\.\d")


def trusted() -> ssl.SSLContext:
    """The context of every connection; OSError or ssl.SSLError where what is named cannot be read.

    Variables that are set to nothing count as not set.
    """
    if file := os.environ.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    if platform.system() in ("Windows", "Darwin"):  # asked there, not read from files
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    of_system = _system(ssl.get_default_verify_paths(), _USUAL)
    if any(of_system):
        made.load_verify_locations(*of_system)
    return made


def _system(built: ssl.DefaultVerifyPaths, usual: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The system's file and folder of certificates: where OpenSSL was built to look, if it holds
    any, else where systems keep them."""
    file = built.openssl_cafile if Path(built.openssl_cafile).is_file() else None
    folder = built.openssl_capath if Path(built.openssl_capath).is_dir() else None
    if folder and not file and not any(_HASHED.fullmatch(p.name) for p in Path(folder).iterdir()):
        folder = None
    if not file and not folder:
        file = next((one for one in usual if Path(one).is_file()), None)
    return file, folder
