"""The proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name for an address.

Read by the standard library's rules, in small letters too, as other clients on the machine do.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_KNOWN = ("http", "https", "socks5", "socks5h")


def proxy_for(url: str) -> str | None:
    """The proxy's address, None where `url` is asked for directly.

    ValueError where a proxy is named of a kind that does not exist, be it for other addresses.
    """
    named = {scheme: _whole(found) for scheme, found in getproxies().items() if found}
    for scheme in ("http", "https", "all"):
        if scheme in named and urlsplit(named[scheme]).scheme not in _KNOWN:
            kind = urlsplit(named[scheme]).scheme
            raise ValueError(
                f"a proxy that is reached by {kind}, where {', '.join(_KNOWN)} are known"
            )
    address = urlsplit(url)
    if proxy_bypass(address.netloc.rpartition("@")[2]):
        return None
    return named.get(address.scheme) or named.get("all")


def _whole(address: str) -> str:
    """An address that may be written without its scheme."""
    return address if "://" in address else f"http://{address}"
