"""Addresses as they are written in a setting: a host and a port, and where browsers find us."""

from urllib.parse import urlsplit

HIGHEST_PORT = 65_535


class WrongAddress(ValueError):
    """A web address is a host and a port, such as 127.0.0.1:8080."""


def host_and_port(address: str) -> tuple[str, int]:
    """The two parts of an address; raises WrongAddress."""
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT):
        raise WrongAddress(WrongAddress.__doc__)
    return host.strip("[]"), int(port)


class NotForBrowsers(ValueError):
    """An address for browsers begins with https:// and has no path; http:// is for this machine alone."""


def public_address(words: str) -> str:
    """Where browsers find us: scheme, host and perhaps a port, without a slash at the end; raises NotForBrowsers.

    What a page shows travels through TLS or not at all, so plain http is for loopback only.
    """
    parts = urlsplit(words.strip())
    host = (parts.hostname or "").lower()
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"})
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    try:
        port = parts.port
    except ValueError:
        raise NotForBrowsers(NotForBrowsers.__doc__) from None
    if not (is_safe and is_bare and host):
        raise NotForBrowsers(NotForBrowsers.__doc__)
    shown = f"[{host}]" if ":" in host else host
    is_usual = port is None or port == {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}" if is_usual else f"{parts.scheme}://{shown}:{port}"
